# rulewright serve: rules and queue are on volumes, keys are in the environment.
#   docker build -t rulewright .
#   docker run -p 8080:8080 -v ./rules:/rules:ro -v events:/queue -e AMPLITUDE_API_KEY -e RULEWRIGHT_WRITE_KEYS rulewright
FROM python:3.12-bookworm AS build
WORKDIR /build
COPY . .
RUN python -m venv /opt/rulewright \
 && /opt/rulewright/bin/pip install --no-cache-dir ".[serve,liquid]"

FROM python:3.12-slim-bookworm
RUN useradd --system --uid 10001 --create-home --home-dir /queue --shell /usr/sbin/nologin rulewright
COPY --from=build /opt/rulewright /opt/rulewright
ENV PATH=/opt/rulewright/bin:$PATH PYTHONUNBUFFERED=1 RULEWRIGHT_CACHE=off
USER 10001
VOLUME /queue
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
# Docker kills ten seconds after it has asked: five for clients, four for requests to the destination.
CMD ["rulewright", "serve", "/rules/shop.rules", "--queue", "/queue/queue.db", "--host", "0.0.0.0", "--port", "8080", "--grace", "4"]
