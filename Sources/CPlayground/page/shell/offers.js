// What this server offers the page besides GraphQL; a server without any, such as another one behind the same address, is
// none that fails.

export async function offers(endpoint) {
    try {
        const response = await fetch(`${endpoint}/playground/offers`);
        return response.ok ? await response.json() : {};
    } catch {
        return {};
    }
}

/// The lines of the plan of a statement, by what a trace calls it; or of why there is none.
export async function explain(endpoint, name) {
    try {
        const response = await fetch(`${endpoint}/playground/plan`, {
            method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ plan: name }),
        });
        const { plan, errors } = await response.json();
        return plan ?? errors.map((error) => error.message);
    } catch {
        return ['The server cannot be reached.'];
    }
}
