# syntax=docker/dockerfile:1

# Built on the machine's own platform for whichever one is wanted: Go needs no emulation.
FROM --platform=$BUILDPLATFORM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download && go mod verify
# .dockerignore lets through what the build needs, and nothing else.
COPY . .
ARG TARGETOS TARGETARCH VERSION=devel
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
	CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \
	go build -trimpath -ldflags "-s -w -X github.com/goingdark-social/bot/internal/cli.buildVersion=$VERSION" -o /out/bot ./cmd/bot

# The time zones are in the program; git is not needed.
FROM scratch
ARG VERSION=devel
LABEL org.opencontainers.image.source="https://github.com/goingdark-social/bot" \
	org.opencontainers.image.licenses="Apache-2.0" \
	org.opencontainers.image.version="$VERSION"
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/bot /bot
USER 65532:65532
ENTRYPOINT ["/bot"]
