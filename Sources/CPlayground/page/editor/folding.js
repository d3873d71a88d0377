// Folded parts of a text. In the text area one character of the private use area stands for each, so that whatever the
// browser does to text (undo, cut, drag) does the right thing to it. Such characters may be in a document themselves: those
// are never taken for folds.

const privateUse = /[\uE000-\uF8FF]/g;

export class Folds {
    constructor() { this.texts = new Map(); }

    /// Keeps a part of a view and returns the character for it; null when there is none left.
    keep(text, view) {
        const taken = new Set(this.expand(view).match(privateUse));
        for (let code = 0xe000; code <= 0xf8ff; code++) {
            const mark = String.fromCharCode(code);
            if (this.texts.has(mark) || taken.has(mark)) continue;
            this.texts.set(mark, text);
            return mark;
        }
        return null;
    }

    /// Where the first fold of a view is, from a place on; -1 for none.
    next(view, from = 0) {
        for (let at = from; at < view.length; at++) if (this.isMark(view[at])) return at;
        return -1;
    }

    /// A text from elsewhere, in which nothing is folded.
    without(text) { return text.replace(privateUse, (mark) => (this.isMark(mark) ? '' : mark)); }

    isMark(character) { return this.texts.has(character); }

    expand(view) {
        if (!this.texts.size) return view;
        return view.replace(privateUse, (mark) => (this.texts.has(mark) ? this.expand(this.texts.get(mark)) : mark));
    }

    /// Where a place of the view is in the whole text.
    toDocument(view, offset) { return this.texts.size ? this.expand(view.slice(0, offset)).length : offset; }

    /// Where a place of the whole text is in the view: at the mark, when it is folded away.
    toView(view, offset) {
        if (!this.texts.size) return offset;
        let length = 0;
        for (let i = 0; i < view.length; i++) {
            const size = this.texts.has(view[i]) ? this.expand(view[i]).length : 1;
            if (length + size > offset) return i;
            length += size;
        }
        return view.length;
    }
}

const pairs = { '{': '}', '(': ')', '[': ']' };

/// Brackets that span lines: line number of the opening one to `{ open, close }`. Strings and comments are passed over
/// by going through tokens.
export function regions(tokens, lineOf) {
    const found = new Map();
    const open = [];
    for (const token of tokens) {
        if (pairs[token.text]) open.push(token);
        else if (open.length && pairs[open.at(-1).text] === token.text) {
            const begin = open.pop();
            const line = lineOf(begin.start);
            if (lineOf(token.start) > line && !found.has(line)) found.set(line, { open: begin.end, close: token.start });
        }
    }
    return found;
}

/// The bracket at a place and its partner.
export function partner(tokens, offset) {
    const at = tokens.findIndex((token) => token.type === 'punctuator' && (token.end === offset || token.start === offset) && '{}()[]'.includes(token.text));
    if (at < 0) return [];
    const token = tokens[at];
    const step = pairs[token.text] ? 1 : -1;
    let depth = 0;
    for (let i = at; i >= 0 && i < tokens.length; i += step) {
        if (tokens[i].text && tokens[i].type === 'punctuator') {
            if ('{(['.includes(tokens[i].text)) depth += step;
            else if ('})]'.includes(tokens[i].text)) depth -= step;
        }
        if (depth === 0) return [token, tokens[i]];
    }
    return [];
}
