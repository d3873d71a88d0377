// What the server has mailed, where it keeps that for people who work on it: nothing leaves the machine.

import { reach } from '../net/http.js';
import { copy } from '../shell/notice.js';
import { fill, h, iconButton } from '../shell/dom.js';

/// The mutation that takes the token of a link, by the path of the link.
const takers = { 'verify-email': 'emailVerify', 'reset-password': 'passwordReset', 'team-invite': 'teamInviteAccept' };

export class MailsPanel {
    constructor(app) {
        this.app = app;
        this.body = h('div.panel-body');
        this.element = h('section.panel', { 'aria-label': 'Mails' },
            h('div.panel-head', {}, h('h2', {}, 'Mails'), iconButton('reload', 'Look for mails', () => this.load())), this.body);
    }

    /// Is called when the panel is opened.
    focus() { this.load(); }

    async ask(path) {
        const response = await reach(this.app.offers.mails + path);
        if (!response.ok) throw new Error(response.status === 404 ? 'It is not kept any more.' : `The server answered ${response.status}.`);
        return response.json();
    }

    async load() {
        try {
            const { mails } = await this.ask('');
            fill(this.body, mails.length === 0 && h('p.hint', {}, 'No mail was sent yet. Register, invite somebody, or forget a password.'),
                h('ul.mails', {}, mails.map((mail) => h('li', {}, h('button.entry.mail', { type: 'button', onclick: () => this.open(mail) },
                    h('span.mail-subject', {}, mail.subject), h('span.mail-about', {}, `${mail.to} · ${new Date(mail.date).toLocaleTimeString()}`))))));
        } catch (error) {
            this.fail(error);
        }
    }

    async open({ id }) {
        try {
            const mail = await this.ask(`/${encodeURIComponent(id)}`);
            const back = h('button.link', { type: 'button', onclick: () => this.load() }, 'All mails');
            fill(this.body, h('p', {}, back), h('h3', {}, mail.subject),
                h('dl.mail-head', {}, [['From', mail.from], ['To', mail.to], ['Sent', new Date(mail.date).toLocaleString()]].map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)])),
                h('pre.mail-text', { tabindex: '0', 'aria-label': 'Text of the mail' }, mail.text),
                (mail.links ?? []).map((link) => this.link(link)));
            back.focus();
        } catch (error) {
            this.fail(error);
        }
    }

    /// A link of a mail: to copy, or to use here where its token is what a mutation takes.
    link(text) {
        const [, path, token] = text.match(/\/([\w-]+)\?(?:.*&)?token=([^&#]+)/) ?? [];
        const { schema } = this.app;
        const mutation = schema?.root('mutation');
        const field = mutation?.fields.get(takers[path]);
        return h('div.mail-link', {}, h('code', {}, text), h('button.link', { type: 'button', onclick: () => copy(text, 'Link') }, 'Copy'),
            field && h('button.link', { type: 'button', onclick: () => this.use(mutation, field, decodeURIComponent(token)) }, `Use in ${field.name}`));
    }

    use(type, field, token) {
        this.app.insertField(type, field);
        const variables = withToken(JSON.parse(this.app.variables.text || '{}'), token);
        this.app.variables.replace(0, this.app.variables.text.length, JSON.stringify(variables, null, 2));
    }

    fail(error) { fill(this.body, h('p.hint', { role: 'alert' }, error.message)); }
}

function withToken(value, token) {
    if (!value || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, name === 'token' ? token : withToken(inner, token)]));
}
