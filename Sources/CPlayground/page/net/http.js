// GraphQL over HTTP: one answer, or many as they arrive (multipart/mixed, text/event-stream).

import { Merged } from './incremental.js';

const single = 'application/graphql-response+json, application/json;q=0.9';

/// Runs a query or mutation. `report` is called with `{ value, size, isLast, status, headers, … }` for every answer.
export async function request(endpoint, operation, { headers = {}, files = [], isIncremental = false, signal, report }) {
    const begin = performance.now();
    const init = {
        method: 'POST',
        signal,
        headers: {
            'accept': isIncremental ? `multipart/mixed;incrementalSpec=v0.2, ${single.replace('+json,', '+json;q=0.95,')}` : single,
            'graphql-require-preflight': '1',
            ...(files.length ? {} : { 'content-type': 'application/json' }),
            ...headers,
        },
        body: files.length ? multipartBody(operation, files) : JSON.stringify(operation),
    };
    const response = await fetch(endpoint, init);
    const type = response.headers.get('content-type') ?? '';
    const about = { status: response.status, statusText: response.statusText, headers: [...response.headers], type };
    if (type.startsWith('multipart/mixed')) {
        const merged = new Merged();
        let size = 0, parts = 0;
        for await (const text of multipartParts(response.body, type)) {
            size += text.length;
            const part = JSON.parse(text);
            if (!Object.keys(part).length) continue;
            parts++;
            merged.add(part);
            report({ ...about, value: merged.value, part, size, parts, isLast: part.hasNext === false, milliseconds: performance.now() - begin });
        }
        report({ ...about, value: merged.value, size, parts, isLast: true, milliseconds: performance.now() - begin });
        return;
    }
    const text = await response.text();
    const size = new TextEncoder().encode(text).length;
    let value;
    try { value = JSON.parse(text); } catch { value = undefined; }
    report({ ...about, value, text, size, isLast: true, milliseconds: performance.now() - begin });
}

/// https://github.com/jaydenseric/graphql-multipart-request-spec: `files` are `{ path: 'variables.file', file }`.
export function multipartBody(operation, files) {
    const form = new FormData();
    const map = Object.fromEntries(files.map(({ path }, number) => [String(number), [path]]));
    form.append('operations', JSON.stringify(operation));
    form.append('map', JSON.stringify(map));
    files.forEach(({ file }, number) => form.append(String(number), file, file.name));
    return form;
}

async function* chunks(body) {
    const reader = body.getReader();
    const decoder = new TextDecoder();
    for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        yield decoder.decode(value, { stream: true });
    }
}

/// The bodies of the parts, each as soon as the boundary behind it is there.
export async function* multipartParts(body, type) {
    const boundary = `--${type.match(/boundary="?([^";]+)"?/)?.[1] ?? '-'}`;
    let rest = '';
    let hasBegun = false;
    for await (const chunk of chunks(body)) {
        rest += chunk;
        for (;;) {
            const at = rest.indexOf(boundary);
            if (at < 0) break;
            const part = rest.slice(0, at);
            rest = rest.slice(at + boundary.length);
            if (hasBegun) {
                const head = part.indexOf('\r\n\r\n');
                yield part.slice(head + 4).trim();
            }
            hasBegun = true;
            if (rest.startsWith('--')) return;
        }
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
