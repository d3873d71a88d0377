// Numbers as people read them.

export function bytes(count) {
    if (count < 1_000) return `${count} B`;
    return count < 1_000_000 ? `${(count / 1_000).toFixed(count < 10_000 ? 1 : 0)} kB` : `${(count / 1_000_000).toFixed(1)} MB`;
}

export function duration(milliseconds) {
    if (milliseconds < 1) return `${Math.round(milliseconds * 1_000)} µs`;
    if (milliseconds < 1_000) return `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
    return milliseconds < 60_000 ? `${(milliseconds / 1_000).toFixed(1)} s` : `${Math.floor(milliseconds / 60_000)} min ${Math.round((milliseconds % 60_000) / 1_000)} s`;
}

export function ago(time) {
    const seconds = Math.max(0, (Date.now() - time) / 1_000);
    if (seconds < 60) return 'just now';
    if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ago`;
    return seconds < 86_400 ? `${Math.floor(seconds / 3_600)} h ago` : new Date(time).toLocaleDateString();
}

export const counted = (count, noun, nouns = `${noun}s`) => `${count} ${count === 1 ? noun : nouns}`;
