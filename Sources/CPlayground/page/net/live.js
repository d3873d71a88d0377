// Subscriptions over graphql-transport-ws and over event streams, which come back after a cut.

import { parseExact } from '../language/exact.js';
import { Unreachable, byteLength, reach, serverEvents } from './http.js';

const fatalCloses = new Set([4400, 4401, 4403, 4406, 4409, 4429]);
const waits = [500, 1_000, 2_000, 4_000, 8_000, 15_000];

/// One running subscription. `report` gets `{ kind: 'open' | 'next' | 'error' | 'cut' | 'complete' | 'failed', … }`;
/// `prepare` gives `{ operation, headers }` for a further connection.
class Live {
    constructor(endpoint, operation, headers, report, prepare) {
        Object.assign(this, { endpoint, operation, headers, report, prepare, attempt: 0, isOver: false });
    }

    next(text, value) {
        this.attempt = 0;
        this.report({ kind: 'next', value, size: byteLength(text) });
    }

    end(kind, detail = {}) {
        if (this.isOver) return;
        this.isOver = true;
        this.report({ kind, ...detail });
    }

    /// Tries again, later every time.
    cut(reason) {
        if (this.isOver) return;
        const wait = waits[Math.min(this.attempt++, waits.length - 1)];
        this.report({ kind: 'cut', reason, wait });
        this.timer = setTimeout(() => this.restart(), wait);
    }

    async restart() {
        const number = this.restarts = (this.restarts ?? 0) + 1;
        Object.assign(this, await this.prepare());
        if (!this.isOver && number === this.restarts) this.start();
    }

    reconnect() {
        if (this.isOver) return;
        clearTimeout(this.timer);
        this.drop();
        this.attempt = 0;
        this.report({ kind: 'left' });
        this.restart();
    }

    stop() {
        clearTimeout(this.timer);
        this.end('stopped');
        this.drop();
    }
}

export class SocketSubscription extends Live {
    start() {
        const address = new URL(this.endpoint, location.href);
        address.protocol = address.protocol.replace('http', 'ws');
        const socket = new WebSocket(address, 'graphql-transport-ws');
        this.socket = socket;
        const send = (message) => socket.send(JSON.stringify(message));
        socket.onopen = () => send({ type: 'connection_init', payload: this.headers });
        socket.onmessage = ({ data }) => {
            if (socket !== this.socket) return;
            let message;
            try { message = parseExact(data) ?? {}; } catch { return this.finish('failed', { errors: [{ message: 'The server sent what is no JSON.' }] }); }
            if (message.type === 'ping') send({ type: 'pong' });
            else if (message.type === 'connection_ack') {
                this.report({ kind: 'open', protocol: 'WebSocket' });
                send({ id: '1', type: 'subscribe', payload: this.operation });
            } else if (message.type === 'next') this.next(data, message.payload);
            else if (message.type === 'error') this.finish('failed', { errors: message.payload });
            else if (message.type === 'complete') this.finish('complete');
        };
        socket.onclose = ({ code, reason }) => {
            if (socket !== this.socket) return;
            const text = `closed with ${code}${reason ? ` ${reason}` : ''}`;
            if (fatalCloses.has(code)) this.end('failed', { errors: [{ message: `The server ${text}.` }] });
            else this.cut(code === 1006 ? 'The connection was lost' : `The server ${text}`);
        };
    }

    finish(kind, detail) {
        this.end(kind, detail);
        this.drop();
    }

    drop() {
        const { socket } = this;
        this.socket = null;
        if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ id: '1', type: 'complete' }));
        socket?.close(1000);
    }
}

export class StreamSubscription extends Live {
    async start() {
        const controller = new AbortController();
        this.controller = controller;
        try {
            const response = await reach(this.endpoint, {
                method: 'POST',
                signal: controller.signal,
                headers: { 'accept': 'text/event-stream', 'content-type': 'application/json', 'graphql-require-preflight': '1', ...this.headers },
                body: JSON.stringify(this.operation),
            });
            if (!(response.headers.get('content-type') ?? '').startsWith('text/event-stream')) {
                const text = await response.text();
                let errors = [{ message: `The server answered ${response.status}.` }];
                try { errors = JSON.parse(text).errors ?? errors; } catch { /* what is no JSON has no errors to tell */ }
                return this.end('failed', { errors });
            }
            this.report({ kind: 'open', protocol: 'event stream' });
            for await (const { event, data } of serverEvents(response.body)) {
                if (event === 'next') this.next(data, parseExact(data));
                if (event === 'complete') return this.end('complete');
            }
            this.cut('The connection was lost');
        } catch (error) {
            if (controller !== this.controller || controller.signal.aborted) return;
            if (!(error instanceof Unreachable)) return this.end('failed', { errors: [{ message: `The events could not be read: ${error.message}` }] });
            this.cut(navigator.onLine ? 'The connection was lost' : 'This computer is offline');
        }
    }

    drop() { this.controller?.abort(); }
}
