# Socai as an image: the four rooms and what they stand on, no compiler, no npm, not root.
# Runs on a read-only root file system; keeps nothing: PostgreSQL is given by SOCAI_DATABASE_URL.

FROM node:22-trixie-slim AS npm
WORKDIR /npm
COPY service/static/package.json service/static/package-lock.json service/static/.npmrc ./
RUN npm ci

FROM python:3.14-slim-trixie AS build
ENV UV_PYTHON_DOWNLOADS=never UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy
WORKDIR /src
COPY pyproject.toml requirements.lock ./
RUN pip install --no-cache-dir "$(grep -o '^uv==[^ ;]*' requirements.lock)" \
 && uv venv /opt/socai \
 && uv pip install --python /opt/socai --require-hashes \
        --constraint requirements.lock --requirement pyproject.toml --extra nats
COPY README.md LICENSE ./
COPY events events
COPY projections projections
COPY schema schema
COPY service service
COPY examples examples
COPY --from=npm /npm/node_modules /npm/node_modules
# Each of GraphiQL's files is compared with the hash that fetch.py knows.
RUN cd service/static \
 && python -c "import fetch, pathlib; fetch.collect(pathlib.Path('/npm/node_modules'), fetch.INTO)" \
 && cd /src \
 && uv build --wheel --build-constraint requirements.lock --require-hashes \
 && uv pip install --python /opt/socai --no-deps dist/*.whl

FROM python:3.14-slim-trixie
COPY --from=build /opt/socai /opt/socai
ENV PATH=/opt/socai/bin:$PATH PYTHONUNBUFFERED=1 SOCAI_HOST=0.0.0.0
# What the signer keeps: its keys, and what it signed.
RUN install -d -m 700 -o 10001 -g 10001 /var/lib/socai
USER 10001:10001
WORKDIR /tmp
EXPOSE 8000
STOPSIGNAL SIGTERM
ENTRYPOINT ["socai"]
CMD ["serve"]
