#!/usr/bin/env node
import { keepCompiledCode } from '../../files/code-cache.js';

keepCompiledCode();
await import('./perch.ts');
