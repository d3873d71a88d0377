// Lays a document out anew, token by token, so that comments and what is not yet complete survive.

import { commonIndent, isOpen, tokenize } from './lexer.js';

const width = 80;

export function format(text) {
    const tokens = tokenize(text);
    if (tokens.some((token) => token.kind === 'bad' || token.kind === 'fold' || isOpen(token))) return text;
    return new Layout(tokens, text).run();
}

class Layout {
    constructor(tokens, text) {
        this.tokens = tokens;
        this.text = text;
        this.out = '';
        this.depth = 0;
        this.isLineStart = true;
    }

    run() {
        const wide = new Set();
        let braces = 0;
        let parens = 0;
        for (let i = 0; i < this.tokens.length; i++) {
            const token = this.tokens[i];
            const before = this.tokens[i - 1];
            if (token.kind === 'comment') { this.comment(token, before); continue; }
            if (token.text === '}' && parens === 0) {
                braces--;
                this.depth--;
                this.line();
                this.write('}');
                if (braces === 0) this.paragraph();
                else this.line();
                continue;
            }
            if ((token.text === ')' || token.text === ']' || token.text === '}') && wide.has(parens)) {
                wide.delete(parens);
                this.depth--;
                this.line();
            }
            if (token.text === ')' || token.text === ']' || token.text === '}') { parens--; this.write(token.text === '}' && !this.isLineStart ? ' }' : token.text); continue; }
            if (token.kind === 'block') { this.block(token); continue; }
            if (token.text === '{' && parens === 0) {
                this.space();
                this.write('{');
                braces++;
                this.depth++;
                this.line();
                continue;
            }
            if (parens === 0 && braces > 0 && this.startsSelection(i)) this.line();
            else if (parens > 0 && wide.has(parens) && this.startsMember(i)) this.line();
            else if (parens > 0 && this.startsMember(i) && !'([{'.includes(before.text)) this.write(', ');
            else if (this.isApart(token, before)) this.space();
            this.write(token.text);
            if (token.text === '(' || token.text === '[' || token.text === '{') {
                parens++;
                if (this.lengthTo(i) > width) {
                    wide.add(parens);
                    this.depth++;
                    this.line();
                } else if (token.text === '{') this.write(' ');
            }
        }
        return this.out.trimEnd() + '\n';
    }

    write(text) {
        if (this.isLineStart && text) this.out += '  '.repeat(this.depth);
        this.isLineStart = false;
        this.out += text;
    }

    space() { if (!this.isLineStart && !/[\s([{]$/.test(this.out)) this.out += ' '; }

    line() {
        if (this.isLineStart) return;
        this.out = this.out.replace(/ +$/, '') + '\n';
        this.isLineStart = true;
    }

    paragraph() {
        this.line();
        if (!this.out.endsWith('\n\n')) this.out += '\n';
    }

    comment(token, before) {
        const isBehind = before && !/\n/.test(this.text.slice(before.end, token.start));
        if (isBehind) {
            // Behind what it comments, and never with anything after it.
            const ended = this.out.trimEnd();
            this.out = `${ended} ${token.text}\n`;
            this.isLineStart = true;
        } else {
            this.line();
            this.write(token.text);
            this.line();
        }
    }

    block(token) {
        const lines = token.text.slice(3, -3).split(/\r\n|\n|\r/);
        if (this.depth === 0 || lines.length > 1) this.line();
        const common = commonIndent(lines);
        const indent = '  '.repeat(this.depth);
        const last = lines.length - 1;
        this.write(`"""${lines[0]}`);
        // What lines are indented by beyond that is part of the value.
        lines.slice(1).forEach((line, number) => {
            const isEnd = number + 1 === last && !/[^ \t]/.test(line);
            this.out += `\n${isEnd || line.length > common ? indent + (isEnd ? '' : line.slice(common)) : ''}`;
        });
        this.out += '"""';
        this.line();
    }

    /// Whether the token begins a field, fragment or description of a selection.
    startsSelection(i) {
        const token = this.tokens[i];
        const before = this.tokens[i - 1];
        if (token.text === '...') return true;
        if (token.kind !== 'name') return false;
        if (before.text === '@' || before.text === ':' || before.text === '...') return false;
        if (before.text === 'on' && this.tokens[i - 2]?.text === '...') return false;
        return true;
    }

    startsMember(i) {
        const token = this.tokens[i];
        const before = this.tokens[i - 1];
        if (before.text === ':' || before.text === '=' || before.text === '$' || before.text === '@' || before.text === '!' && token.text === '=') return false;
        return token.kind !== 'punctuator' || '$[{'.includes(token.text);
    }

    isApart(token, before) {
        if (!before || before.text === '@' || before.text === '$' || before.text === '(' || before.text === '[') return false;
        if (before.text === '...' && token.text !== 'on' && token.text !== '@') return false;
        return ![':', '!', '(', ')', ']'].includes(token.text);
    }

    /// Letters from an opening bracket to the one that closes it.
    lengthTo(i) {
        let depth = 0;
        const column = this.out.length - this.out.lastIndexOf('\n');
        let length = column;
        for (let j = i; j < this.tokens.length && length <= width; j++) {
            const token = this.tokens[j];
            if (token.kind === 'comment' || token.kind === 'block') return width + 1;
            if ('([{'.includes(token.text)) depth++;
            if (')]}'.includes(token.text) && --depth === 0) return length;
            length += token.text.length + 1;
        }
        return length;
    }
}
