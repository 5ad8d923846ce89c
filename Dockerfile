# Diting in a small image: no root, nothing written but /data and /tmp.
#   docker build -t diting .
#   docker run --read-only --tmpfs /tmp -v diting-data:/data -e TELEGRAM_TOKEN=... diting
# Any Debian-based image with Python 3.11 or newer will do as a base; `python3` is found wherever the base keeps it.
ARG BASE_IMAGE=pinned

# The base that is meant, to the byte; it stands here alone, and Dependabot moves tag and digest together.
FROM python:3.11.15-slim-bookworm@sha256:d29f48a31a8b408ed19272ca1e7b10ebae13b240a27e862d3d4217c528e2e0c3 AS pinned


FROM ${BASE_IMAGE} AS builder

# For those who build behind a mirror of their own: pip reads these, the final image has none of them.
ARG PIP_INDEX_URL=
ARG PIP_EXTRA_INDEX_URL=
ARG PIP_TRUSTED_HOST=
ARG PIP_CERT=
ENV PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_ROOT_USER_ACTION=ignore

# Debian keeps `venv` in a package of its own; `strip` is in binutils.
RUN python3 -c 'import sys; sys.exit(sys.version_info < (3, 11) and "the base image needs Python 3.11 or newer")' \
    && missing="$(command -v strip >/dev/null || echo binutils) \
        $(python3 -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv)" \
    && (test -z "$(echo $missing)" || (apt-get update && apt-get install -y --no-install-recommends $missing)) \
    && python3 -m venv /opt/diting

COPY requirements.lock ./
RUN /opt/diting/bin/python -m pip install --quiet --no-compile --require-hashes --no-deps -r requirements.lock \
    && /opt/diting/bin/python -m pip uninstall --quiet --yes pip setuptools \
    && find /opt/diting/lib -type d \( -name tests -o -name test -o -name __pycache__ \) -prune -exec rm -rf {} + \
    # Dates are written in English and Chinese; the other thousand locales are a tenth of the image.
    && find /opt/diting/lib -path '*/babel/locale-data/*' -type f \
        ! -name 'root.dat' ! -name 'en*' ! -name 'zh*' ! -name 'LICENSE*' -delete \
    # What only who compiles against a package needs, and tools and libraries for other systems.
    && find /opt/diting/lib -type f \( -name '*.[ach]' -o -name '*.cpp' -o -name '*.px[di]' -o -name '*.py[ix]' -o -name '*.dll' \
        -o -path '*/opencc/clib/bin/*' \) -delete
# A hundred megabytes of symbols for debuggers. The libraries that come in a `.libs` beside a package were laid out anew when
# they were packed, and some do not bear it. What does not must fail here, and not on somebody's machine.
RUN find /opt/diting/lib -type f -name '*.so*' ! -path '*.libs/*' -exec strip --strip-unneeded {} + \
    && /opt/diting/bin/python -c 'import ctypes, pathlib; \
        [ctypes.CDLL(str(each)) for each in pathlib.Path("/opt/diting/lib").rglob("*.so*") if each.is_file()]'

COPY bot /app/bot
# Bytecode that is never checked against its source: it stays valid whatever the copy does to the file times, and
# the running bot, which may not write here, starts as fast as one that may.
# That of the packages is without their docstrings and assertions (`-o 2`), 7 MB of the memory of a bot; Diting keeps its
# own, which are what `--help` says.
# What Diting would put into `data` beside it, as the demo does, goes to the volume.
RUN /opt/diting/bin/python -m compileall -q -j 0 -o 2 --invalidation-mode unchecked-hash /opt/diting/lib \
    && find /opt/diting/lib -name '*.opt-2.pyc' -exec sh -c 'for each; do mv "$each" "${each%.opt-2.pyc}.pyc"; done' sh {} + \
    && /opt/diting/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash /app/bot \
    && ln -s /data /app/data


FROM ${BASE_IMAGE}

ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="Diting" \
      org.opencontainers.image.description="Self-hosted Telegram and Discord news alerts in Chinese and English" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="MIT"

# Feeds are fetched over TLS: a plain Debian base may lack the certificates.
RUN test -e /etc/ssl/certs/ca-certificates.crt \
    || (apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*)
# Nothing is installed here any more. And Python's own library comes without bytecode from where Python's makers build it:
# compiled here once, it need not be at every start.
RUN library="$(python3 -c 'import sysconfig; print(sysconfig.get_paths()["stdlib"])')" \
    && rm -rf "$library"/site-packages/* "$library"/ensurepip "$library"/idlelib "$library"/turtledemo "$library"/config-* \
        /usr/local/bin/pip* /usr/local/bin/wheel /usr/local/bin/idle* /usr/share/python-wheels \
    && python3 -B -m compileall -q -j 0 --invalidation-mode unchecked-hash "$library"
# A fixed number, so that the owner of a mounted /data can be set from outside.
RUN groupadd --gid 10001 diting \
    && useradd --uid 10001 --gid 10001 --home-dir /tmp --no-create-home --shell /usr/sbin/nologin diting \
    && install -d -o 10001 -g 10001 -m 0750 /data

COPY --from=builder /opt/diting /opt/diting
COPY --from=builder /app /app

ENV PATH="/opt/diting/bin:${PATH}" \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DATABASE_URL=sqlite:////data/diting.db \
    MODELS_DIR=/data/models \
    WEB_HOST=0.0.0.0

WORKDIR /app
USER 10001:10001
VOLUME ["/data"]
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=40s --retries=3 CMD ["python", "-m", "bot", "health"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
