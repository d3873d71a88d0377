// What the operation under the caret would cost, beside the button that runs it, while it is being written.

import { h } from './dom.js';

const pause = 200;

export class Estimate {
    constructor(app) {
        this.app = app;
        this.element = h('span.estimate', { hidden: true });
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
        this.key = key;
        this.controller?.abort();
        if (!request) return this.show(null);
        const controller = new AbortController();
        this.controller = controller;
        try {
            const { operation, headers } = request;
            const response = await fetch(`${this.app.endpoint}/playground/estimate`, {
                method: 'POST', signal: controller.signal, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(operation),
            });
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
        this.element.hidden = !estimate;
        if (!estimate) return;
        const number = (value) => (value == null ? 'without end' : value.toLocaleString('en'));
        const isBeyond = ['points', 'nodes'].some((key) => limit?.[key] != null && (estimate[key] ?? Infinity) > limit[key]);
        const part = (key) => `${number(estimate[key])}${limit?.[key] == null ? '' : ` of ${number(limit[key])}`}`;
        const isOpen = errors?.length > 0;
        this.element.textContent = `${isOpen ? 'Cost at least' : 'Cost'} ${part('points')}`;
        this.element.title = `Estimated before it runs: ${part('points')} points, ${part('nodes')} objects${isBeyond ? '. The server will refuse it.' : ''}${isOpen ? `\n${errors[0]}` : ''}`;
        this.element.classList.toggle('is-beyond', isBeyond);
    }
}
