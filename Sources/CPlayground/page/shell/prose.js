// Descriptions in Markdown: the little of it that descriptions use, made to elements and never to HTML.

import { h } from './dom.js';

export function prose(text) {
    const blocks = [];
    for (const part of (text ?? '').split(/\n\s*\n/)) {
        if (!part.trim()) continue;
        if (/^\s*```/.test(part)) blocks.push(h('pre', {}, h('code', {}, part.replace(/^\s*```\w*\n?|\n?```\s*$/g, ''))));
        else if (/^\s*([-*]|\d+\.) /.test(part)) {
            blocks.push(h('ul', {}, part.trim().split(/\n\s*(?:[-*]|\d+\.) /).map((item) => h('li', {}, inline(item.replace(/^([-*]|\d+\.) /, ''))))));
        } else blocks.push(h('p', {}, inline(part.replace(/^#+ /, ''))));
    }
    return blocks;
}

function inline(text) {
    return text.split(/(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\(https?:\/\/[^)\s]+\))/).map((piece) => {
        if (piece.startsWith('`') && piece.length > 2) return h('code', {}, piece.slice(1, -1));
        if (piece.startsWith('**') && piece.length > 4) return h('strong', {}, piece.slice(2, -2));
        const link = piece.match(/^\[([^\]]+)\]\((https?:\/\/[^)\s]+)\)$/);
        return link ? h('a', { href: link[2], target: '_blank', rel: 'noreferrer noopener' }, link[1]) : piece;
    });
}
