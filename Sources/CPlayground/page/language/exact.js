// Numbers as they were written. JavaScript rounds what has more digits than its numbers hold; where the browser knows how to
// keep such a number as text, it is kept: https://tc39.es/proposal-json-parse-with-source/

export const isExact = (value) => JSON.isRawJSON?.(value) ?? false;

/// The number of a text, as the text where the number would be another one.
export function exact(text, number = JSON.parse(text)) {
    return typeof number !== 'number' || String(number) === text || !JSON.rawJSON ? number : JSON.rawJSON(text);
}

/// JSON with its large numbers kept.
export function parseExact(text) {
    if (!/\d{16}|\d[eE]/.test(text)) return JSON.parse(text);
    return JSON.parse(text, (key, value, context) => (typeof value === 'number' && context?.source ? exact(context.source, value) : value));
}
