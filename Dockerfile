# syntax=docker/dockerfile:1

# One image for every process of Candlekeep; the command says which one runs.

FROM node:20.20.2-bookworm-slim AS build
WORKDIR /candlekeep
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=optional
COPY tsconfig.json nest-cli.json ./
COPY libs libs
COPY apps apps
RUN npm run build

# Optional packages are the embedded servers of `npm start`; containers have real ones.
FROM node:20.20.2-bookworm-slim AS packages
WORKDIR /candlekeep
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional

FROM node:20.20.2-bookworm-slim AS run
WORKDIR /candlekeep
ENV NODE_ENV=production
COPY package.json ./
COPY --from=packages /candlekeep/node_modules node_modules
COPY --from=build /candlekeep/dist dist
COPY apps/exchange-simulator/recordings apps/exchange-simulator/recordings
# The image's own unprivileged `node` user, by number so that an orchestrator can check it. All files stay root's.
USER 1000:1000
CMD ["node", "dist/apps/gateway/src/main.js"]
