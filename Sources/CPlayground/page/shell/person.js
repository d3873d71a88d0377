// Who asks: with one click somebody of the sample world, where the server has one to offer. Whoever writes a header
// `authorization` of their own is whom that says.

import { fill, h, icon } from './dom.js';
import { menuButton } from './menu.js';
import { notice } from './notice.js';
import { reach } from '../net/http.js';
import { load, save } from './store.js';

/// How long before its end a token is exchanged for a new one.
const margin = 30_000;

export class Person {
    constructor(app) {
        this.app = app;
        this.current = null;
        this.button = menuButton(h('button.person', { type: 'button', hidden: true }), () => this.items());
        app.on('offers', () => this.begin());
    }

    get headers() { return this.current ? { authorization: `Bearer ${this.current.token}` } : {}; }

    /// What is sent: the headers that were written, and who is signed in where they do not say it.
    with(headers) {
        const isSaid = Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
        return isSaid ? headers : { ...this.headers, ...headers };
    }

    begin() {
        const { signIn } = this.app.offers;
        this.button.hidden = !signIn;
        const kept = this.hasBegun ? this.current : load('person', null);
        this.hasBegun = true;
        this.set(signIn?.people.some((person) => person.name === kept?.name) ? kept : null);
    }

    items() {
        const people = this.app.offers.signIn.people.map((person) => ({
            label: person.name, detail: person.note, isChecked: person.name === this.current?.name, action: () => this.enter(person),
        }));
        return this.current ? [...people, { isSeparator: true }, { label: 'Sign out', action: () => this.leave() }] : people;
    }

    commands() {
        return this.button.hidden ? [] : this.items().filter((item) => item.action).map(({ label, action }) => ({
            label: label === 'Sign out' ? label : `Sign in as ${label}`, action,
        }));
    }

    async enter(person) {
        const { signIn } = this.app.offers;
        try {
            const answer = await this.ask({ query: signIn.query, variables: person.variables }, {});
            const token = signIn.token.reduce((value, key) => value?.[key], answer.data);
            const said = [answer.errors, ...Object.values(answer.data ?? {}).map((payload) => payload?.userErrors)].flat().find((error) => error?.message);
            if (!token) throw new Error(said?.message ?? 'The server wants more than a password.');
            this.set({ name: person.name, token });
            notice(`Signed in as ${person.name}`);
            return true;
        } catch (error) {
            this.set(null);
            notice(error.message, 'error');
            return false;
        }
    }

    async leave() {
        const { headers } = this;
        this.set(null);
        notice('Signed out');
        // The session ends even so, at its time, if the server does not hear of it.
        await this.ask({ query: this.app.offers.signIn.ending }, headers).catch(() => {});
    }

    /// Sees to a token that holds for the next request.
    async renew() {
        if (!this.isEnding) return;
        const person = this.app.offers.signIn?.people.find((other) => other.name === this.current.name);
        if (person) await this.enter(person);
    }

    get isEnding() { return this.current !== null && expiry(this.current.token) < Date.now() + margin; }

    async ask(operation, headers) {
        const response = await reach(this.app.endpoint, {
            method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(operation),
        });
        return response.json();
    }

    set(person) {
        this.current = person;
        save('person', person);
        const name = person?.name;
        fill(this.button, icon('person'), h('span.person-name', {}, name ?? 'Sign in'));
        this.button.classList.toggle('is-in', Boolean(name));
        const label = name ? `Signed in as ${name}` : 'Sign in as somebody of the sample world';
        this.button.setAttribute('aria-label', label);
        this.button.title = label;
        this.app.tell('person');
    }
}

/// When a token ends, in milliseconds: https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4
function expiry(token) {
    try {
        const { exp } = JSON.parse(atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')));
        return typeof exp === 'number' ? exp * 1_000 : Infinity;
    } catch {
        return Infinity;
    }
}
