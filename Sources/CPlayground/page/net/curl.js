// The request as a command line that can be pasted into a shell.

export function curl(endpoint, operation, headers, isSubscription) {
    const quote = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
    const fields = {
        'content-type': 'application/json',
        ...(isSubscription ? { accept: 'text/event-stream' } : { accept: 'application/graphql-response+json' }),
        ...headers,
    };
    const lines = [`curl ${isSubscription ? '--no-buffer ' : ''}${quote(new URL(endpoint, location.href).href)}`];
    for (const [name, value] of Object.entries(fields)) lines.push(`--header ${quote(`${name}: ${value}`)}`);
    lines.push(`--data ${quote(JSON.stringify(operation))}`);
    return lines.join(' \\\n    ');
}
