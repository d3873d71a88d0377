// The log of a subscription: what came when, how long after the one before, how large.

import { fill, h, iconButton } from '../shell/dom.js';
import { bytes, counted, duration } from '../shell/units.js';
import { jsonView } from './json-view.js';
import { Kept } from './kept.js';

/// Milliseconds between two pictures of a log that runs, and the lines of its last event that are drawn meanwhile.
const pause = 100;
const briefLines = 300;

export class EventLog {
    constructor({ onstop, onreconnect }) {
        this.kept = new Kept();
        this.held = this.hold();
        /// Entries that are not drawn yet, of those that are kept.
        this.fresh = [];
        this.count = 0;
        this.isPaused = false;
        this.selected = null;
        this.list = h('div.event-list', { role: 'log', 'aria-label': 'Events', tabindex: '0' });
        this.state = h('span.live-state');
        this.pauseButton = iconButton('pause', 'Pause the log', () => this.pause());
        this.summary = h('span.event-summary');
        // What is being read stays.
        this.detail = h('div.event-detail', { 'aria-label': 'Selected event', role: 'group', tabindex: '0', onfocusin: () => { this.isPinned = true; } });
        this.stopButton = iconButton('stop', 'Stop the subscription', onstop);
        this.reconnectButton = iconButton('reload', 'Reconnect now', onreconnect);
        this.element = h('div.events', {},
            h('div.event-bar', {}, this.state, this.summary, h('span.spring'), this.pauseButton, this.reconnectButton,
                iconButton('trash', 'Clear the log', () => this.clear()), this.stopButton),
            this.list, this.detail);
    }

    /// One less than is kept, for the word that some are missing.
    hold() { return new Kept(this.kept.most - 1); }

    get isRunning() { return !this.stopButton.hidden; }

    commands() {
        return [
            { label: this.isPaused ? 'Go on with the log' : 'Pause the log', action: () => this.pause() },
            { label: 'Clear the log', action: () => this.clear() },
            ...(this.isRunning ? [{ label: 'Reconnect the subscription now', action: () => this.reconnectButton.click() }] : []),
        ];
    }

    set(state, text) {
        this.state.className = `live-state is-${state}`;
        this.state.textContent = text;
        this.stopButton.hidden = this.reconnectButton.hidden = state === 'ended' || state === 'failed';
    }

    add(entry) {
        entry.at = Date.now();
        entry.clock = performance.now();
        entry.size ??= 0;
        if (entry.kind === 'next') {
            entry.number = ++this.count;
            entry.gap = this.lastClock === undefined ? null : entry.clock - this.lastClock;
            this.lastClock = entry.clock;
        }
        if (this.isPaused) this.held.add(entry);
        else this.keep(entry);
        this.later();
    }

    keep(entry) {
        for (const gone of this.kept.add(entry)) gone.row?.remove();
        this.fresh.push(entry);
        if (this.fresh.length > 2 * this.kept.most) this.fresh = this.fresh.filter((one) => this.kept.has(one));
    }

    /// However fast events come, the page stays usable: they are drawn a few times a second.
    later() {
        if (this.timer !== undefined) return;
        this.timer = setTimeout(() => { this.timer = undefined; this.draw(); }, Math.max(0, (this.drawnAt ?? -pause) + pause - performance.now()));
    }

    draw() {
        this.drawnAt = performance.now();
        const isAtEnd = this.list.scrollTop + this.list.clientHeight >= this.list.scrollHeight - 30;
        const fresh = this.fresh.filter((entry) => this.kept.has(entry));
        this.fresh = [];
        this.list.append(...fresh.map((entry) => this.row(entry)));
        if (isAtEnd && fresh.length) this.list.scrollTop = this.list.scrollHeight;
        const last = fresh.findLast((entry) => entry.kind === 'next');
        if (last && (!this.isPinned || !this.selected)) this.select(last, false);
        this.summarise();
    }

    row(entry) {
        const time = new Date(entry.at).toTimeString().slice(0, 8) + '.' + String(entry.at % 1000).padStart(3, '0');
        if (entry.kind !== 'next') {
            entry.row = h(`div.event.is-note.is-${entry.kind}`, {}, h('span.event-number', {}, '·'), h('time', {}, time), h('span.event-text', {}, entry.text));
            return entry.row;
        }
        const hasErrors = entry.value?.errors?.length;
        entry.row = h(`button.event${hasErrors ? '.has-errors' : ''}`, { type: 'button', onclick: () => this.select(entry, true) },
            h('span.event-number', {}, `#${entry.number}`), h('time', {}, time),
            h('span.event-gap', { title: 'since the event before' }, entry.gap === null ? 'first' : `+${duration(entry.gap)}`),
            h('span.event-size', {}, bytes(entry.size)),
            h('span.event-text', {}, brief(hasErrors ? entry.value.errors[0]?.message : entry.value?.data ?? entry.value)));
        return entry.row;
    }

    select(entry, isPinned) {
        this.isPinned = isPinned;
        this.selected?.row?.classList.remove('is-selected');
        this.selected = entry;
        entry.row?.classList.add('is-selected');
        fill(this.detail, jsonView(entry.value, { label: `Event ${entry.number}`, lines: isPinned || !this.isRunning ? undefined : briefLines }));
    }

    pause() {
        this.isPaused = !this.isPaused;
        this.pauseButton.setAttribute('aria-pressed', String(this.isPaused));
        this.pauseButton.setAttribute('aria-label', this.isPaused ? 'Go on with the log' : 'Pause the log');
        if (!this.isPaused) {
            const { entries, lost } = this.held;
            this.held = this.hold();
            if (lost) this.keep({ kind: 'cut', at: Date.now(), size: 0, text: `${counted(lost, 'event')} came while the log was paused, more than it keeps` });
            for (const entry of entries) this.keep(entry);
        }
        this.draw();
    }

    clear() {
        this.kept = new Kept();
        this.held = this.hold();
        this.fresh = [];
        this.selected = null;
        this.isPinned = false;
        fill(this.list);
        fill(this.detail);
        this.summarise();
    }

    summarise() {
        const { meanGap } = this.kept;
        const mean = meanGap === null ? '' : `, every ${duration(meanGap)}`;
        const lost = this.held.lost ? `, ${this.held.lost} lost` : '';
        const held = this.isPaused ? ` · paused, ${this.held.entries.length} held back${lost}` : '';
        this.summary.textContent = `${counted(this.count, 'event')}${mean}${held}`;
        this.summary.title = this.summary.textContent;
    }
}

/// The beginning of a value as text, without writing all of a large one.
function brief(value, most = 200) {
    let left = most;
    const text = JSON.stringify(value, (key, inner) => {
        left -= key.length + 4;
        if (left < 0) return undefined;
        if (typeof inner === 'string') left -= inner.length;
        return typeof inner === 'string' ? inner.slice(0, most) : inner;
    });
    return text?.slice(0, most) ?? '';
}
