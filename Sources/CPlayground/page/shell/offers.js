// What this server offers the page besides GraphQL; a server without any, such as another one behind the same address, is
// none that fails.

import { Unreachable, reach } from '../net/http.js';

/// Null while the server is away or cannot tell: then it is asked again.
export async function offers(endpoint) {
    try {
        const response = await reach(`${endpoint}/playground/offers`);
        if (response.status >= 500) return null;
        return response.ok ? await response.json() : {};
    } catch (error) {
        return error instanceof Unreachable ? null : {};
    }
}

/// The lines of the plan of a statement, by what a trace calls it; or of why there is none.
export async function explain(endpoint, name) {
    try {
        const response = await reach(`${endpoint}/playground/plan`, {
            method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ plan: name }),
        });
        const { plan, errors } = await response.json();
        return plan ?? errors.map((error) => error.message);
    } catch (error) {
        return [error.message];
    }
}
