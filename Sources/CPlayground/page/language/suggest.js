// "Did you mean": names that are a few letters away, as the server suggests them.

export function suggest(name, known, limit = 5) {
    const most = Math.floor(name.length * 0.4) + 1;
    const found = [];
    for (const other of known) {
        const distance = away(name, other, most);
        if (distance <= most) found.push([distance, other]);
    }
    found.sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1));
    return found.slice(0, limit).map(([, other]) => other);
}

export function didYouMean(names, quoted = true) {
    if (!names.length) return '';
    const words = names.map((name) => (quoted ? `"${name}"` : name));
    const last = words.pop();
    const list = words.length === 0 ? last : words.length === 1 ? `${words[0]} or ${last}` : `${words.join(', ')}, or ${last}`;
    return ` Did you mean ${list}?`;
}

/// Letters to insert, delete, replace or swap; a change of case is one step.
function away(one, other, most) {
    if (one === other) return 0;
    const a = one.toLowerCase(), b = other.toLowerCase();
    if (a === b) return 1;
    if (Math.abs(a.length - b.length) > most) return most + 1;
    let before = [], last = Array.from({ length: b.length + 1 }, (_, j) => j);
    for (let i = 1; i <= a.length; i++) {
        const row = [i];
        let least = i;
        for (let j = 1; j <= b.length; j++) {
            const cost = a[i - 1] === b[j - 1] ? 0 : 1;
            let cell = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + cost);
            if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cell = Math.min(cell, before[j - 2] + 1);
            row.push(cell);
            if (cell < least) least = cell;
        }
        if (least > most) return most + 1;
        before = last;
        last = row;
    }
    return last[b.length];
}
