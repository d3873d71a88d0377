// GraphQL over HTTP: one answer, or many as they arrive (multipart/mixed, text/event-stream).

import { parseExact } from '../language/exact.js';
import { Merged } from './incremental.js';

const single = 'application/graphql-response+json, application/json;q=0.9';
export const incremental = `multipart/mixed;incrementalSpec=v0.2, ${single.replace('+json,', '+json;q=0.95,')}`;

/// No answer came, or it broke off: nobody's fault in the request or in this page.
export class Unreachable extends Error {
    constructor() { super('The server cannot be reached.'); }
}

/// Like `fetch`, but tells apart a server that is away from all other faults.
export const reach = (address, init) => fetch(address, init).catch(lost);

function lost(error) { throw error.name === 'AbortError' ? error : new Unreachable(); }

/// Runs a query or mutation. `report` is called with `{ value, size, isLast, status, headers, … }` for every answer.
export async function request(endpoint, operation, { headers = {}, files = [], isIncremental = false, signal, report }) {
    const begin = performance.now();
    const init = {
        method: 'POST',
        signal,
        headers: {
            'accept': isIncremental ? incremental : single,
            'graphql-require-preflight': '1',
            ...(files.length ? {} : { 'content-type': 'application/json' }),
            ...headers,
        },
        body: files.length ? multipartBody(operation, files) : JSON.stringify(operation),
    };
    const response = await reach(endpoint, init);
    const type = response.headers.get('content-type') ?? '';
    const about = { status: response.status, statusText: response.statusText, headers: [...response.headers], type };
    if (type.startsWith('multipart/mixed')) {
        const merged = new Merged();
        let size = 0, parts = 0;
        for await (const text of multipartParts(response.body, type)) {
            size += byteLength(text);
            const part = parseExact(text);
            if (!Object.keys(part).length) continue;
            parts++;
            merged.add(part);
            report({ ...about, value: merged.value, part, size, parts, isLast: part.hasNext === false, milliseconds: performance.now() - begin });
        }
        report({ ...about, value: merged.value, size, parts, isLast: true, milliseconds: performance.now() - begin });
        return;
    }
    const text = await response.text().catch(lost);
    let value;
    try { value = parseExact(text); } catch { value = undefined; }
    report({ ...about, value, text, size: byteLength(text), isLast: true, milliseconds: performance.now() - begin });
}

export const byteLength = (text) => new TextEncoder().encode(text).length;

/// https://github.com/jaydenseric/graphql-multipart-request-spec: `files` are `{ path: 'variables.file', file }`.
export function multipartBody(operation, files) {
    const form = new FormData();
    form.append('operations', JSON.stringify(operation));
    form.append('map', JSON.stringify(multipartMap(files)));
    files.forEach(({ file }, number) => form.append(String(number), file, file.name));
    return form;
}

export const multipartMap = (files) => Object.fromEntries(files.map(({ path }, number) => [String(number), [path]]));

async function* chunks(body) {
    const reader = body.getReader();
    const decoder = new TextDecoder();
    for (;;) {
        const { done, value } = await reader.read().catch(lost);
        if (done) return;
        yield decoder.decode(value, { stream: true });
    }
}

/// The bodies of the parts, each as soon as the boundary behind it is there. A boundary begins a line, which no text in JSON
/// does: https://www.rfc-editor.org/rfc/rfc2046#section-5.1.1
export async function* multipartParts(body, type) {
    const boundary = `\r\n--${type.match(/boundary="?([^";]+)"?/)?.[1] ?? '-'}`;
    let rest = '\r\n';
    let searched = 0;
    let hasBegun = false;
    for await (const chunk of chunks(body)) {
        rest += chunk;
        for (;;) {
            const at = rest.indexOf(boundary, searched);
            if (at < 0) break;
            const part = rest.slice(0, at);
            rest = rest.slice(at + boundary.length);
            searched = 0;
            if (hasBegun) {
                const head = part.indexOf('\r\n\r\n');
                yield part.slice(head + 4).trim();
            }
            hasBegun = true;
            if (rest.startsWith('--')) return;
        }
        searched = Math.max(0, rest.length - boundary.length);
    }
}

/// `{ event, data, id }` of a stream of server-sent events.
export async function* serverEvents(body) {
    let rest = '';
    for await (const chunk of chunks(body)) {
        rest += chunk;
        let end;
        while ((end = rest.search(/\r?\n\r?\n/)) >= 0) {
            const lines = rest.slice(0, end).split(/\r?\n/);
            rest = rest.slice(end).replace(/^\r?\n\r?\n/, '');
            const event = { event: 'message', data: '' };
            for (const line of lines) {
                const [, name, value] = line.match(/^([^:]*):? ?(.*)$/) ?? [];
                if (name === 'data') event.data += value;
                else if (name) event[name] = value;
            }
            if (lines.some((line) => !line.startsWith(':'))) yield event;
        }
    }
}
