// Puts the page together. `App` holds what the parts share; each part is a file of its own.

import { App } from './shell/app.js';

new App().start();
