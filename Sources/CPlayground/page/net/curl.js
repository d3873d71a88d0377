// The request as a command line that can be pasted into a shell.

import { incremental, multipartMap } from './http.js';

/// - files: `{ path, file }`, of which the command has the names alone: it is run where they are.
export function curl(endpoint, { operation, headers, type, isIncremental, files }) {
    const isSubscription = type === 'subscription';
    const isInParts = isSubscription || isIncremental;
    const fields = {
        ...(files.length ? { 'graphql-require-preflight': '1' } : { 'content-type': 'application/json' }),
        accept: isSubscription ? 'text/event-stream' : isIncremental ? incremental : 'application/graphql-response+json',
        ...headers,
    };
    const lines = [`curl ${isInParts ? '--no-buffer ' : ''}${quote(new URL(endpoint, location.href).href)}`];
    for (const [name, value] of Object.entries(fields)) lines.push(`--header ${quote(`${name}: ${value}`)}`);
    if (files.length) {
        lines.push(`--form-string ${quote(`operations=${JSON.stringify(operation)}`)}`, `--form-string ${quote(`map=${JSON.stringify(multipartMap(files))}`)}`);
        files.forEach(({ file }, number) => lines.push(`--form ${quote(`${number}=@"${file.name.replace(/["\\]/g, '\\$&')}"`)}`));
    } else lines.push(`--data ${quote(JSON.stringify(operation))}`);
    return lines.join(' \\\n    ');
}

const quote = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
