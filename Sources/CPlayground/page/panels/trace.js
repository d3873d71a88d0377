// `extensions.trace` and `extensions.cost`, as far as they are known, and the rest of them as it came.

import { h } from '../shell/dom.js';
import { jsonView } from './json-view.js';

export function traceView(trace) { return h('div.trace', {}, jsonView(trace)); }

export function costView(cost) { return h('div.cost', {}, jsonView(cost)); }
