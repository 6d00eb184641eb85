import { mount } from 'svelte';
import App from './App.svelte';
import { sourceOf } from './display/display-channel.ts';
import Display from './display/Display.svelte';
import './styles/roles.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/layers.css';

const source = sourceOf(location.hash);
if (source === undefined) mount(App, { target: document.body });
else mount(Display, { target: document.body, props: { source } });
