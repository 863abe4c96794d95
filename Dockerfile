# QuantShark in a container: no compiler, no root; the store and the published reports live in the volume.
#   docker build -t quantshark .
#   docker run --rm -v quantshark:/var/lib/quantshark quantshark doctor
FROM python:3.12-slim AS build
WORKDIR /src
COPY requirements.lock ./
RUN python -m venv /opt/quantshark \
 && /opt/quantshark/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY quantshark quantshark
COPY prompts prompts
RUN /opt/quantshark/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.12-slim
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/quantshark quantshark
COPY --from=build /opt/quantshark /opt/quantshark
ENV PATH=/opt/quantshark/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    QUANTSHARK_HOME=/var/lib/quantshark
USER quantshark
WORKDIR /var/lib/quantshark
VOLUME /var/lib/quantshark
ENTRYPOINT ["quantshark"]
CMD ["--help"]
