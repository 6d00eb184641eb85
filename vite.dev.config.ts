import { type ProxyOptions, defineConfig, mergeConfig } from 'vite';
import { openServices } from './src-main/services/create-services.ts';
import { startWebHost } from './src-main/hosts/web/server.ts';
import build from './vite.config.ts';

/**
 * `npm run dev`: the page from Vite's development server, with hot module replacement, and the services from a web host in the
 * same process. The page's content security policy is the only part of the host that does not apply.
 */
export default defineConfig(async () => {
  const services = await openServices();
  // The page comes from Vite, so the host serves the source folder instead of a build.
  const host = await startWebHost({ services, renderer: 'src-renderer' });
  services.runs.claimOrphans();
  const { origin } = new URL(host.url);
  const login = await fetch(host.url, { redirect: 'manual' });
  const cookie = login.headers.get('set-cookie') ?? '';
  const forward: ProxyOptions = {
    target: origin,
    changeOrigin: true,
    headers: { cookie: cookie.split(';')[0], origin },
    ws: true,
  };
  return mergeConfig(build, {
    server: {
      host: '127.0.0.1',
      proxy: { '^/api$': forward, '^/assets/(images|maps|masks|uploads)': forward },
    },
  });
});
