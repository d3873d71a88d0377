// The log of a subscription: what came when, how long after the one before, how large.

import { fill, h, iconButton } from '../shell/dom.js';
import { bytes, duration } from '../shell/units.js';
import { jsonView } from './json-view.js';

const kept = 500;

export class EventLog {
    constructor({ onstop, onreconnect }) {
        this.entries = [];
        this.count = 0;
        this.held = [];
        this.isPaused = false;
        this.selected = null;
        this.list = h('div.event-list', { role: 'log', 'aria-label': 'Events', tabindex: '0' });
        this.state = h('span.live-state');
        this.pauseButton = iconButton('pause', 'Pause the log', () => this.pause());
        this.summary = h('span.event-summary');
        this.detail = h('div.event-detail', { 'aria-label': 'Selected event', tabindex: '0' });
        this.stopButton = iconButton('stop', 'Stop the subscription', onstop);
        this.reconnectButton = iconButton('reload', 'Reconnect now', onreconnect);
        this.element = h('div.events', {},
            h('div.event-bar', {}, this.state, this.summary, h('span.spring'), this.pauseButton, this.reconnectButton,
                iconButton('trash', 'Clear the log', () => this.clear()), this.stopButton),
            this.list, this.detail);
    }

    set(state, text) {
        this.state.className = `live-state is-${state}`;
        this.state.textContent = text;
        this.stopButton.hidden = this.reconnectButton.hidden = state === 'ended' || state === 'failed';
    }

    add(entry) {
        entry.at = Date.now();
        entry.clock = performance.now();
        if (entry.kind === 'next') entry.number = ++this.count;
        if (this.isPaused) {
            this.held.push(entry);
            if (this.held.length > kept) this.held.shift();
            return this.summarise();
        }
        this.show(entry);
    }

    show(entry) {
        const before = this.entries.findLast((other) => other.kind === 'next');
        entry.gap = entry.kind === 'next' && before ? entry.clock - before.clock : null;
        this.entries.push(entry);
        const isAtEnd = this.list.scrollTop + this.list.clientHeight >= this.list.scrollHeight - 30;
        this.list.append(this.row(entry));
        while (this.entries.length > kept) {
            this.entries.shift();
            this.list.firstChild.remove();
        }
        if (isAtEnd) this.list.scrollTop = this.list.scrollHeight;
        if (entry.kind === 'next' && (!this.isPinned || !this.selected)) this.select(entry, false);
        this.summarise();
    }

    row(entry) {
        const time = new Date(entry.at).toTimeString().slice(0, 8) + '.' + String(entry.at % 1000).padStart(3, '0');
        if (entry.kind !== 'next') {
            return h(`div.event.is-note.is-${entry.kind}`, {}, h('span.event-number', {}, '·'), h('time', {}, time), h('span.event-text', {}, entry.text));
        }
        const hasErrors = entry.value?.errors?.length;
        const row = h(`button.event${hasErrors ? '.has-errors' : ''}`, { type: 'button', onclick: () => this.select(entry, true) },
            h('span.event-number', {}, `#${entry.number}`), h('time', {}, time),
            h('span.event-gap', { title: 'since the event before' }, entry.gap === null ? 'first' : `+${duration(entry.gap)}`),
            h('span.event-size', {}, bytes(entry.size)),
            h('span.event-text', {}, JSON.stringify(hasErrors ? entry.value.errors[0].message : entry.value?.data ?? entry.value)?.slice(0, 200)));
        entry.row = row;
        return row;
    }

    select(entry, isPinned) {
        this.isPinned = isPinned;
        this.selected?.row?.classList.remove('is-selected');
        this.selected = entry;
        entry.row?.classList.add('is-selected');
        fill(this.detail, jsonView(entry.value));
    }

    pause() {
        this.isPaused = !this.isPaused;
        this.pauseButton.setAttribute('aria-pressed', String(this.isPaused));
        this.pauseButton.setAttribute('aria-label', this.isPaused ? 'Go on with the log' : 'Pause the log');
        if (!this.isPaused) {
            const held = this.held;
            this.held = [];
            for (const entry of held) this.show(entry);
        }
        this.summarise();
    }

    clear() {
        this.entries = [];
        this.held = [];
        this.selected = null;
        this.isPinned = false;
        fill(this.list);
        fill(this.detail);
        this.summarise();
    }

    summarise() {
        const events = this.entries.filter((entry) => entry.kind === 'next');
        const gaps = events.map((entry) => entry.gap).filter((gap) => gap !== null);
        const mean = gaps.length ? `, every ${duration(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length)}` : '';
        const held = this.isPaused ? ` · paused, ${this.held.length} held back` : '';
        this.summary.textContent = `${this.count} ${this.count === 1 ? 'event' : 'events'}${mean}${held}`;
    }
}
