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
