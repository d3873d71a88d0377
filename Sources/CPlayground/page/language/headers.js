// Headers as people write them: what cannot be sent is said where it stands, before anything is.

import { parseJSON } from './json.js';

/// `{ headers, problems }` of an object in JSON.
export function readHeaders(text) {
    const { node, problems } = parseJSON(text);
    const headers = {};
    const fail = (at, message) => problems.push({ start: at.start, end: Math.max(at.end, at.start + 1), message, severity: 'error' });
    if (problems.length) problems[0].message = `The headers are not JSON: ${problems[0].message}`;
    else if (node && node.kind !== 'object') fail(node, 'The headers must be an object.');
    else {
        for (const { name, key, value } of node?.members ?? []) {
            if (!canSend(name, '')) fail(key, `No header can be called ${JSON.stringify(name)}.`);
            else if (value?.kind !== 'string') fail(value ?? key, `The value of the header ${name} must be a text in quotes.`);
            else if (!canSend(name, value.value)) fail(value, `The value of the header ${name} has letters in it that no header can have.`);
            else headers[name] = value.value;
        }
    }
    return { headers, problems };
}

function canSend(name, value) {
    try {
        return Boolean(new Headers([[name, value]]));
    } catch {
        return false;
    }
}
