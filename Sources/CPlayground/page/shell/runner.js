// Runs the operation: once, in parts, or as a subscription.

import { SocketSubscription, StreamSubscription } from '../net/live.js';
import { Unreachable, request } from '../net/http.js';
import { isExact } from '../language/exact.js';
import { resumption } from '../net/resume.js';
import { notice } from './notice.js';
import { duration } from './units.js';

export class Runner {
    constructor(app) {
        this.app = app;
        this.protocol = app.get('protocol', 'socket');
    }

    get isRunning() { return this.controller !== undefined || this.live !== undefined; }

    /// What is sent: `{ operation, headers, type, … }`; throws when variables or headers cannot be sent.
    compose(chosen = this.app.operation) {
        const { app } = this;
        const variables = app.readVariables();
        const written = app.readHeaders();
        const headers = app.person.with(written);
        const operation = { query: app.editor.text };
        if (chosen?.name) operation.operationName = chosen.name.value;
        // Of several operations' variables, only those of this one.
        const wanted = new Set((chosen?.variables ?? []).map((variable) => variable.name.value));
        const own = Object.entries(variables).filter(([name]) => app.operations.length < 2 || wanted.has(name));
        if (own.length) operation.variables = Object.fromEntries(own);
        const type = chosen?.operation ?? 'query';
        const isIncremental = /@(defer|stream)\b/.test(operation.query);
        const { files } = this.app.layout.files;
        for (const { path } of files) setPath(operation, path, null);
        return { operation, definition: chosen, headers, written, type, isIncremental, files };
    }

    /// Stops what runs; of two that wait for the same token, the later one.
    async run(chosen) {
        this.cancel();
        const turn = this.turn = {};
        const { app } = this;
        const { response } = app.layout;
        app.analyse();
        if (app.person.isEnding) await app.person.renew();
        if (this.turn !== turn) return;
        let composed;
        try { composed = this.compose(chosen); } catch (error) {
            response.fail(error.message);
            return app.tell('run');
        }
        const { operation, headers, type, isIncremental, files } = composed;
        if (!operation.query.trim()) {
            notice('There is nothing to run');
            return app.tell('run');
        }
        // Servers that trace tell of a request that asks; others pass over it.
        if (type !== 'subscription') operation.extensions = { trace: true };
        app.layout.showAnswer();
        app.tell('ran', { operation, type });
        if (type === 'subscription') return this.subscribe(composed);
        const controller = new AbortController();
        this.controller = controller;
        app.tell('run');
        response.begin();
        try {
            await request(app.endpoint, operation, {
                headers, files, isIncremental, signal: controller.signal,
                report: (result) => { if (this.controller === controller) response.show(result); },
            });
            if (app.isAway) app.loadSchema();
        } catch (error) {
            if (this.controller !== controller) return;
            if (error instanceof Unreachable) response.fail(error.message, navigator.onLine ? 'Is it still running? What you wrote is kept in this browser.' : 'This computer is offline. What you wrote is kept in this browser.');
            else response.fail('The answer could not be read.', error.message);
        }
        if (this.controller !== controller) return;
        this.controller = undefined;
        response.end();
        app.tell('run');
    }

    subscribe({ operation, definition, headers, written }) {
        const { app } = this;
        const log = app.layout.response.beginEvents();
        const Kind = this.protocol === 'socket' ? SocketSubscription : StreamSubscription;
        const way = resumption(definition, app.document, app.schema);
        const asker = app.person.current?.name;
        const live = new Kind(app.endpoint, operation, headers, (event) => this.report(event, log, live), async () => {
            if (app.person.isEnding) await app.person.renew();
            const isSame = app.person.current?.name === asker;
            return {
                operation: way?.apply?.(operation) ?? operation,
                headers: isSame ? app.person.with(written) : live.headers,
            };
        });
        live.way = way;
        this.live = live;
        log.set('opening', 'connecting');
        app.tell('run');
        live.start();
    }

    report(event, log, live) {
        const { app } = this;
        switch (event.kind) {
            case 'open':
                log.set('live', 'live');
                log.add({ kind: 'open', text: `connected by ${event.protocol}${live.cutAt === undefined ? '' : afterCut(live, log)}` });
                // A server that came back may have another schema.
                if (live.wasCut) app.loadSchema();
                live.wasCut = false;
                live.cutAt = undefined;
                return;
            case 'left':
                live.cutAt ??= performance.now();
                return log.set('cut', 'reconnecting');
            case 'next':
                log.add(event);
                return live.way?.keep?.(event.value?.data, log.count);
            case 'cut':
                live.wasCut = true;
                live.cutAt ??= performance.now();
                log.set('cut', 'reconnecting');
                return log.add({ kind: 'cut', text: `${event.reason}; trying again in ${event.wait / 1_000} s` });
            case 'failed':
                log.set('failed', 'failed');
                for (const error of event.errors ?? []) log.add({ kind: 'failed', text: error.message });
                break;
            case 'complete':
                log.set('ended', 'complete');
                log.add({ kind: 'complete', text: 'the server has no more events' });
                break;
            case 'stopped':
                log.set('ended', 'stopped');
                log.add({ kind: 'complete', text: 'stopped here' });
        }
        if (this.live === live) this.live = undefined;
        app.tell('run');
    }

    reconnect() { this.live?.reconnect(); }

    stop() {
        const isOne = this.controller !== undefined;
        this.cancel();
        if (isOne) this.app.layout.response.fail('Stopped.');
        this.app.tell('run');
    }

    /// Without a word: what runs next shows itself.
    cancel() {
        this.turn = undefined;
        this.controller?.abort();
        this.controller = undefined;
        this.live?.stop();
        this.live = undefined;
    }

    setProtocol(name) {
        this.protocol = name;
        this.app.set('protocol', name);
        this.app.tell('protocol');
    }
}

/// How long nothing was heard, and whether something of it is missing.
function afterCut(live, log) {
    const gap = `, ${duration(performance.now() - live.cutAt)} after the cut`;
    if (live.way?.number) return `${gap}; goes on behind event #${live.way.number}${live.way.isPartial ? ', but where no event had come before' : ''}`;
    if (!log.count && live.way) return `${gap}; no event came before`;
    return `${gap}; what happened meanwhile is not here${live.way?.hint ? `: ${live.way.hint}` : ''}`;
}

function setPath(operation, path, value) {
    const keys = path.split('.');
    let at = operation;
    keys.slice(0, -1).forEach((key, number) => {
        const inner = Object.hasOwn(at, key) ? at[key] : null;
        const isTree = inner && typeof inner === 'object' && !isExact(inner);
        at = put(at, key, isTree ? inner : /^\d+$/.test(keys[number + 1]) ? [] : {});
    });
    put(at, keys.at(-1), value);
}

/// Names are the document's: `__proto__` must stay one.
function put(object, key, value) {
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
    return value;
}
