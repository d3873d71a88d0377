// A document as a link: in the part of the address that browsers do not send to servers. Headers, which may hold secrets,
// stay here.

export function linkTo(tab) {
    const data = { query: tab.query, ...(tab.variables.trim() && { variables: tab.variables }), ...(tab.operationName && { operationName: tab.operationName }) };
    const bytes = new TextEncoder().encode(JSON.stringify(data));
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    const encoded = btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
    return `${location.origin}${location.pathname}#share=${encoded}`;
}

/// What the address of the page says, which is never run by itself; null for nothing.
export function readLink() {
    const shared = location.hash.match(/^#share=([\w-]+)$/)?.[1];
    const parameters = new URLSearchParams(location.search);
    let found = null;
    if (shared) {
        try {
            const text = atob(shared.replaceAll('-', '+').replaceAll('_', '/'));
            const data = JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (letter) => letter.charCodeAt(0))));
            if (typeof data.query === 'string') found = data;
        } catch { /* a link that was cut short opens the page as it was */ }
    } else if (parameters.get('query')) {
        found = { query: parameters.get('query'), variables: parameters.get('variables') ?? '' };
    }
    if (found) history.replaceState(null, '', location.pathname);
    return found;
}
