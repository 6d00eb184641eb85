import { mount } from 'svelte';
import App from './App.svelte';
import { sourceOf } from './state/second-window/display-channel.ts';
import Display from './Display.svelte';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/overlays.css';

const source = sourceOf(location.hash);
if (source === undefined) mount(App, { target: document.body });
else mount(Display, { target: document.body, props: { source } });
