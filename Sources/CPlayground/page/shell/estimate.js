// What the operation under the caret would cost, beside the button that runs it, while it is being written.

import { h } from './dom.js';

const pause = 200;

export class Estimate {
    constructor(app) {
        this.app = app;
        this.pausedUntil = 0;
        this.amount = h('span.estimate', { hidden: true });
        this.warning = h('span.unseen', { role: 'status' });
        this.element = h('span.estimate-place', {}, this.amount, this.warning);
        for (const event of ['analysed', 'variables', 'caret', 'offers', 'person']) app.on(event, () => this.wait());
    }

    wait() {
        clearTimeout(this.timer);
        if (this.app.offers.estimate) this.timer = setTimeout(() => this.ask(), pause);
    }

    async ask() {
        const request = this.request();
        const key = JSON.stringify(request);
        if (key === this.key) return;
        this.controller?.abort();
        // Who has asked too much is not asked for more in between.
        if (Date.now() < this.pausedUntil) return this.show(null);
        this.key = key;
        if (!request) return this.show(null);
        const controller = new AbortController();
        this.controller = controller;
        try {
            const { operation, headers } = request;
            const response = await fetch(`${this.app.endpoint}/playground/estimate`, {
                method: 'POST', signal: controller.signal, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(operation),
            });
            if (response.status === 429) this.pausedUntil = Date.now() + 1_000 * (Number(response.headers.get('retry-after')) || 60);
            this.show(response.ok ? await response.json() : null);
        } catch {
            // Nothing is known of a server that cannot be reached; it is asked again at the next letter.
            if (!controller.signal.aborted) { this.key = null; this.show(null); }
        }
    }

    /// Null while there is nothing that could run.
    request() {
        const { app } = this;
        if (!app.operation || app.problems.some((problem) => problem.severity === 'error')) return null;
        try {
            const { operation, headers } = app.runner.compose();
            return { operation, headers };
        } catch {
            return null;
        }
    }

    show(answer) {
        const { estimate, limit, errors } = answer ?? {};
        this.amount.hidden = !estimate;
        if (!estimate) return void this.warn('');
        const number = (value) => (value == null ? 'without end' : value.toLocaleString('en'));
        const isBeyond = ['points', 'nodes'].some((key) => limit?.[key] != null && (estimate[key] ?? Infinity) > limit[key]);
        const part = (key) => `${number(estimate[key])}${limit?.[key] == null ? '' : ` of ${number(limit[key])}`}`;
        const isOpen = errors?.length > 0;
        this.amount.textContent = `${isOpen ? 'Cost at least' : 'Cost'} ${part('points')}${isBeyond ? ': too much' : ''}`;
        this.amount.title = `Estimated before it runs: ${part('points')} points, ${part('nodes')} objects${isBeyond ? '. The server will refuse it.' : ''}${isOpen ? `\n${errors[0]}` : ''}`;
        this.amount.classList.toggle('is-beyond', isBeyond);
        this.warn(isBeyond ? 'The operation costs too much: the server will refuse it.' : '');
    }

    /// For those who hear the page, and once.
    warn(text) { if (this.warning.textContent !== text) this.warning.textContent = text; }
}
