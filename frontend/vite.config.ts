import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// For working on the page: `npm run dev` beside a running web process.
const backEnd = { target: `http://127.0.0.1:${process.env.LUCENCY_PORT ?? 8000}`, changeOrigin: false };
const proxy = { "/api": backEnd, "/healthz": backEnd };

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // The decoder is a module with a binary beside it; it lives in a worker of its own.
  worker: { format: "es" },
  build: { outDir: "dist", assetsDir: "assets", chunkSizeWarningLimit: 700 },
  server: { proxy },
  preview: { proxy },
  test: {
    environment: "jsdom",
    setupFiles: ["src/test/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
  },
});
