import { mount } from 'svelte';
import App from './App.svelte';
import './styles/roles.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/layers.css';

mount(App, { target: document.body });
