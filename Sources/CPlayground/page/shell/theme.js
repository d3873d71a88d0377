// Light, dark, or what the system says.

import { fill, h, icon } from './dom.js';
import { menuButton } from './menu.js';

const names = { light: ['Light', 'sun'], dark: ['Dark', 'moon'], system: ['As the system', 'system'] };

export class Theme {
    constructor(app) {
        this.app = app;
        this.button = menuButton(h('button.icon-button', { type: 'button', 'aria-label': 'Colours', title: 'Colours' }),
            () => Object.entries(names).map(([name, [label]]) => ({ label, isChecked: name === this.name, action: () => this.set(name) })));
        this.set(app.get('theme', 'system'));
    }

    set(name) {
        this.name = Object.hasOwn(names, name) ? name : 'system';
        if (this.name === 'system') delete document.documentElement.dataset.theme;
        else document.documentElement.dataset.theme = this.name;
        fill(this.button, icon(names[this.name][1]));
        this.app.set('theme', this.name);
    }
}
