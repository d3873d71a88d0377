// A document as a link: in the part of the address that browsers do not send to servers. Headers, which may hold secrets and
// say who asks, are in no link: not in those that are made here, and not taken from those that come from elsewhere.

export function linkTo(tab) {
    const data = { query: tab.query, ...(tab.variables.trim() && { variables: tab.variables }), ...(tab.operationName && { operationName: tab.operationName }) };
    const bytes = new TextEncoder().encode(JSON.stringify(data));
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    const encoded = btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
    return `${location.origin}${location.pathname}#share=${encoded}`;
}

/// What the address of the page says, which is never run by itself: `{ query, variables, operationName }`, or null for
/// nothing. Throws where a link is there that says nothing.
export function readLink() {
    const shared = location.hash.match(/^#share=(.*)$/)?.[1];
    const parameters = new URLSearchParams(location.search);
    if (shared === undefined && !parameters.get('query')) return null;
    history.replaceState(null, '', location.pathname);
    const data = shared === undefined ? Object.fromEntries(parameters) : decoded(shared);
    if (typeof data?.query !== 'string') throw new Error('The link holds no document');
    const text = (value) => (typeof value === 'string' ? value : '');
    return { query: data.query, variables: text(data.variables), operationName: text(data.operationName) };
}

/// Null for a link that was cut short.
function decoded(shared) {
    try {
        const text = atob(shared.replaceAll('-', '+').replaceAll('_', '/'));
        return JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (letter) => letter.charCodeAt(0))));
    } catch {
        return null;
    }
}
