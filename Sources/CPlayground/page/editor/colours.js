// What the pieces of a text are, for their colours: lists of `{ start, end, type }`.

import { tokenize } from '../language/lexer.js';

const keywords = new Set(['query', 'mutation', 'subscription', 'fragment', 'on', 'schema', 'scalar', 'type', 'interface',
    'union', 'enum', 'input', 'directive', 'extend', 'implements', 'repeatable']);
const constants = new Set(['true', 'false', 'null']);

export const colourGraphQL = (text) => colour(text, false);

/// The language of schemas, in which names behind colons are types.
export const colourSchema = (text) => colour(text, true);

function colour(text, isSchema) {
    const tokens = tokenize(text);
    let parens = 0;
    let braces = 0;
    for (let i = 0; i < tokens.length; i++) {
        const token = tokens[i];
        const before = tokens[i - 1]?.text;
        token.type = token.kind;
        if (token.text === '(') parens++;
        if (token.text === ')') parens--;
        if (token.text === '{') braces++;
        if (token.text === '}') braces--;
        if (token.text === '$') token.type = 'variable';
        if (token.kind === 'block') token.type = isSchema ? 'comment' : 'string';
        if (token.text === '@') token.type = 'directive';
        if (token.kind !== 'name') continue;
        if (isSchema && (':[=|&'.includes(before) && before || before === 'implements') && !constants.has(token.text)) token.type = 'type';
        else if (before === '$') token.type = 'variable';
        else if (before === '@') token.type = 'directive';
        else if (constants.has(token.text) && parens) token.type = 'constant';
        else if (tokens[i + 1]?.text === ':' && parens) token.type = 'argument';
        else if (before === 'on' || before === ':' && parens && braces === 0 || before === '[' && braces === 0) token.type = 'type';
        else if (before === '...' && token.text !== 'on') token.type = 'fragment';
        else if (keywords.has(token.text) && (braces === 0 || token.text === 'on' && before === '...')) token.type = 'keyword';
        else if (braces === 0) token.type = 'definition';
        else if (parens) token.type = 'enum';
        else token.type = tokens[i + 1]?.text === ':' ? 'alias' : 'field';
    }
    return tokens;
}

const jsonPattern = /\s+|(\/\/[^\n]*|\/\*[^]*?(?:\*\/|$))|("(?:\\.|[^"\\\n])*"?)|(-?[0-9][0-9.eE+-]*)|(true|false|null)\b|([{}[\]:,])|([\uE000-\uF8FF])|([^])/y;
const jsonTypes = [null, 'comment', 'string', 'number', 'constant', 'punctuator', 'fold', 'bad'];

export function colourJSON(text) {
    const tokens = [];
    jsonPattern.lastIndex = 0;
    while (jsonPattern.lastIndex < text.length) {
        const start = jsonPattern.lastIndex;
        const match = jsonPattern.exec(text);
        const group = match.findIndex((piece, number) => number && piece !== undefined);
        if (group > 0) tokens.push({ start, end: jsonPattern.lastIndex, type: jsonTypes[group], text: match[group] });
    }
    tokens.forEach((token, i) => { if (token.type === 'string' && tokens[i + 1]?.text === ':') token.type = 'key'; });
    return tokens;
}
