// GraphQL text to tokens, for highlighting, parsing and formatting. Takes any text: what fits nowhere is a `bad` token.

const pattern = new RegExp(
    [
        '[\\s,\\uFEFF]+',
        '(#[^\\n\\r]*)',
        '([_A-Za-z][_0-9A-Za-z]*)',
        '(-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)',
        '("""(?:\\\\"""|[^])*?(?:"""|$))',
        '("(?:\\\\.|[^"\\\\\\n\\r])*"?)',
        '(\\.\\.\\.|[!$&()/:=@[\\]{|}])',
        '([\\uE000-\\uF8FF])',
        '([^])',
    ].join('|'),
    'y'
);
const kinds = [null, 'comment', 'name', 'number', 'block', 'string', 'punctuator', 'fold', 'bad'];

/// Tokens are `{ kind, start, end, text }`, comments among them; blanks and commas are left out.
export function tokenize(text) {
    const tokens = [];
    pattern.lastIndex = 0;
    while (pattern.lastIndex < text.length) {
        const start = pattern.lastIndex;
        const match = pattern.exec(text);
        for (let group = 1; group < kinds.length; group++) {
            if (match[group] === undefined) continue;
            tokens.push({ kind: kinds[group], start, end: pattern.lastIndex, text: match[group] });
            break;
        }
    }
    return tokens;
}

/// A token as the server's messages name it.
export function describe(token) {
    switch (token?.kind) {
        case undefined: return '<EOF>';
        case 'name': return `Name "${token.text}"`;
        case 'number': return `${/[.eE]/.test(token.text) ? 'Float' : 'Int'} "${token.text}"`;
        case 'string': return `String ${token.text}`;
        case 'block': return 'BlockString';
        default: return `"${token.text}"`;
    }
}

/// Whether a string or block string does not end.
export function isOpen(token) {
    if (token.kind === 'string') return !/^"(?:\\.|[^"\\])*"$/.test(token.text);
    return token.kind === 'block' && (token.text.length < 6 || !token.text.endsWith('"""') || token.text.endsWith('\\"""'));
}

/// By how much all lines of a block string but the first are indented:
/// https://spec.graphql.org/September2025/#BlockStringValue()
export function commonIndent(lines) {
    let common = Infinity;
    for (const line of lines.slice(1)) if (/[^ \t]/.test(line)) common = Math.min(common, line.match(/^[ \t]*/)[0].length);
    return common === Infinity ? 0 : common;
}

/// The value of a string token.
export function stringValue(token) {
    if (token.kind === 'block') return dedent(token.text.slice(3, token.text.endsWith('"""') && token.text.length > 5 ? -3 : undefined));
    const body = token.text.slice(1, token.text.length > 1 && token.text.endsWith('"') ? -1 : undefined);
    return body.replace(/\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|(.))/g, (all, point, unit, letter) => {
        if (point) return parseInt(point, 16) <= 0x10ffff ? String.fromCodePoint(parseInt(point, 16)) : all;
        if (unit) return String.fromCharCode(parseInt(unit, 16));
        return { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }[letter] ?? letter;
    });
}

function dedent(raw) {
    const lines = raw.replaceAll('\\"""', '"""').split(/\r\n|\n|\r/);
    const common = commonIndent(lines);
    const cut = lines.map((line, number) => (number === 0 ? line : line.slice(common)));
    while (cut.length && !/[^ \t]/.test(cut[0])) cut.shift();
    while (cut.length && !/[^ \t]/.test(cut[cut.length - 1])) cut.pop();
    return cut.join('\n');
}
