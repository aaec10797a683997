# Two images from one file, for linux/amd64 and linux/arm64:
#
#   docker build --target controller --tag queue-autoscaler .
#   docker build --target lambda --tag queue-autoscaler-lambda .
#
# Both run as user 10001 and write nowhere, so the root may be read-only. Only pinned packages
# get in, each by its hash.

FROM python:3.13-slim-trixie AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
COPY requirements/build.txt requirements/controller.txt requirements/
# What builds stays in /opt/build; what is shipped has neither pip nor anything else to install with.
RUN python -m venv /opt/build \
 && /opt/build/bin/pip install --quiet --require-hashes --requirement requirements/build.txt \
 && python -m venv --without-pip /opt/autoscaler \
 && /opt/build/bin/pip --python /opt/autoscaler/bin/python install --quiet \
      --require-hashes --only-binary :all: --requirement requirements/controller.txt
COPY pyproject.toml README.md LICENSE ./
COPY autoscaler autoscaler
COPY policies policies
RUN /opt/build/bin/hatchling build --target wheel --directory /dist \
 && /opt/build/bin/pip --python /opt/autoscaler/bin/python install --quiet \
      --no-index --no-deps /dist/*.whl

FROM build AS build-lambda
COPY requirements/lambda-image.txt requirements/
RUN /opt/build/bin/pip --python /opt/autoscaler/bin/python install --quiet \
      --require-hashes --only-binary :all: --requirement requirements/lambda-image.txt

# The Lambda, as an image of its own: the handler under AWS's runtime interface client.
FROM python:3.13-slim-trixie AS lambda
COPY --from=build-lambda /opt/autoscaler /opt/autoscaler
ENV PATH=/opt/autoscaler/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    AUTOSCALER_CONFIG=/etc/autoscaler/autoscaler.yaml
USER 10001:10001
ENTRYPOINT ["python", "-m", "awslambdaric"]
CMD ["autoscaler.runtime.lambda_handler.handler"]

# The standalone controller. Its status server is for this container alone unless --host says more.
FROM python:3.13-slim-trixie AS controller
COPY --from=build /opt/autoscaler /opt/autoscaler
ENV PATH=/opt/autoscaler/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    AUTOSCALER_CONFIG=/etc/autoscaler/autoscaler.yaml AUTOSCALER_STATUS_PORT=8080
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['AUTOSCALER_STATUS_PORT'] + '/healthz', timeout=4)"]
ENTRYPOINT ["autoscaler"]
CMD ["run"]
