// What keys do beyond inserting themselves: indenting, closing brackets, comments.

const closing = { '{': '}', '(': ')', '[': ']', '"': '"' };

/// True when the key was dealt with.
export function typed(editor, event, comment) {
    const { area } = editor;
    const { selectionStart: start, selectionEnd: end, value } = area;
    const isCommand = event.ctrlKey || event.metaKey;
    if (event.isComposing) return false;
    if (isCommand && event.key === '/' && comment) return toggleComment(editor, comment);
    if (isCommand && event.key === ']') return indent(editor, 1);
    if (isCommand && event.key === '[') return indent(editor, -1);
    if (isCommand || event.altKey) return false;
    const before = value[start - 1] ?? '';
    const after = value[end] ?? '';
    if (event.key === 'Enter') return newLine(editor, start, end, value, before, after);
    if (start === end && event.key === after && '})]"'.includes(after)) {
        area.setSelectionRange(start + 1, start + 1);
        editor.moved();
        return true;
    }
    if (event.key === '}' && /(^|\n)[ \t]+$/.test(value.slice(0, start))) {
        const line = value.lastIndexOf('\n', start - 1) + 1;
        const cut = Math.min(2, start - line);
        editor.edit(start - cut, end, '}');
        return true;
    }
    if (closing[event.key] && start === end && (!after || /[\s})\],:]/.test(after))) {
        if (event.key === '"' && (/[\w"]/.test(before))) return false;
        editor.edit(start, end, event.key + closing[event.key], start + 1);
        return true;
    }
    if (event.key === 'Backspace' && start === end && closing[before] && closing[before] === after) {
        editor.edit(start - 1, start + 1, '');
        return true;
    }
    return false;
}

function newLine(editor, start, end, value, before, after) {
    const line = value.lastIndexOf('\n', start - 1) + 1;
    const indent = value.slice(line, start).match(/^[ \t]*/)[0];
    const isOpen = '{(['.includes(before) && before;
    const inner = isOpen ? `${indent}  ` : indent;
    const closes = isOpen && after === closing[before];
    editor.edit(start, end, `\n${inner}${closes ? `\n${indent}` : ''}`, start + 1 + inner.length);
    return true;
}

function lines(editor) {
    const { selectionStart, selectionEnd, value } = editor.area;
    const from = value.lastIndexOf('\n', selectionStart - 1) + 1;
    const end = value.indexOf('\n', Math.max(selectionEnd - (selectionEnd > selectionStart ? 1 : 0), selectionStart));
    return { from, to: end < 0 ? value.length : end, value };
}

function replaceLines(editor, change) {
    const { from, to, value } = lines(editor);
    const text = value.slice(from, to).split('\n').map(change).join('\n');
    editor.edit(from, to, text);
    editor.area.setSelectionRange(from, from + text.length);
    return true;
}

const indent = (editor, step) => replaceLines(editor, (line) => (step > 0 ? (line && `  ${line}`) : line.replace(/^ {1,2}|^\t/, '')));

function toggleComment(editor, mark) {
    const { from, to, value } = lines(editor);
    const all = value.slice(from, to).split('\n').filter((line) => line.trim());
    const isCommented = all.length > 0 && all.every((line) => line.trimStart().startsWith(mark));
    return replaceLines(editor, (line) => {
        if (!line.trim()) return line;
        const at = line.match(/^\s*/)[0].length;
        if (!isCommented) return `${line.slice(0, at)}${mark} ${line.slice(at)}`;
        return line.slice(0, at) + line.slice(at + mark.length).replace(/^ /, '');
    });
}
