import { mount } from 'svelte';
import App from './App.svelte';
import './styles/roles.css';
import './styles/base.css';
import './styles/controls.css';

mount(App, { target: document.body });
