// The newest entries of a log: so many of them, and so many bytes.

export class Kept {
    constructor(most = 500, mostBytes = 8_000_000) {
        Object.assign(this, { most, mostBytes, entries: [], members: new Set(), size: 0, lost: 0, gaps: 0, gapCount: 0 });
    }

    has(entry) { return this.members.has(entry); }

    /// Between those that are kept; null for fewer than two.
    get meanGap() { return this.gapCount ? this.gaps / this.gapCount : null; }

    /// Answers with those that had to go; the newest stays, however large it is.
    add(entry) {
        this.entries.push(entry);
        this.members.add(entry);
        this.count(entry, 1);
        let gone = 0;
        while (gone < this.entries.length - 1 && (this.entries.length - gone > this.most || this.size > this.mostBytes)) this.count(this.entries[gone++], -1);
        const removed = this.entries.splice(0, gone);
        for (const one of removed) this.members.delete(one);
        this.lost += removed.filter((one) => one.kind === 'next').length;
        return removed;
    }

    count(entry, sign) {
        this.size += sign * entry.size;
        if (entry.gap == null) return;
        this.gaps += sign * entry.gap;
        this.gapCount += sign;
    }
}
