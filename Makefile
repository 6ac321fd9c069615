# What a person runs. `make` alone lists the targets.
SHELL := bash
.DEFAULT_GOAL := help
CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/goingdark-bot
BIN := $(CACHE)/bin
include hack/kubetest/kubetest.mk
include hack/faults.mk
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)

REGISTRY_VERSION := v3.1.2
LINT_VERSION := v2.15.0
SARIF_VERSION := 1.0.0-beta.0
OPENAPI_VERSION := 23.0.2
GRAPHQL_VERSION := 15.26.1
YQ_VERSION := v4.50.1
RENOVATE_VERSION := 44.121.2
NODE_VERSION := 24.21.0
RENOVATE := $(CACHE)/renovate
VULN_VERSION := v1.1.4
AXE_VERSION := 4.14.1
AXE := $(CACHE)/npm/node_modules/axe-core/axe.min.js
WEBHOOKS_VERSION := 7.6.1

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

.PHONY: build
build: ## the program, as ./bot
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X github.com/goingdark-social/bot/internal/cli.buildVersion=$(VERSION)" -o bot.linked ./cmd/bot
	@# The linker writes page by page, and so the kernel maps page by page: written at once, the same file starts in two thirds of the time.
	@dd if=bot.linked of=bot bs=256M status=none && chmod +x bot && rm bot.linked

.PHONY: test
test: ## every promise that Go and git alone can prove; no network
	@# The system's linker takes twice as long; vet, which looks into all dependencies too, is part of make lint; memory is cheaper than collecting it.
	GOGC=400 go test -vet=off -ldflags=-linkmode=internal ./...

.PHONY: test-real
test-real: real-tools ## the same promises against real servers; installs them from apt, npm and the Go proxy
	BOT_TEST_REGISTRY=$(BIN)/registry \
	BOT_TEST_DOCKER_REGISTRY=/usr/bin/docker-registry \
	BOT_TEST_POSTGRES=$$(ls -d /usr/lib/postgresql/*/bin | tail -1) \
	KUBEBUILDER_ASSETS=$(KUBE_ASSETS) \
	BOT_TEST_CHROMIUM=/usr/bin/chromium \
	BOT_TEST_AXE=$(AXE) \
	BOT_TEST_GITHUB_OPENAPI=$(CACHE)/npm/node_modules/@octokit/openapi/generated/api.github.com.json \
	BOT_TEST_SARIF_SCHEMA=$(CACHE)/npm/node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json \
	BOT_TEST_GITHUB_GRAPHQL=$(CACHE)/npm/node_modules/@octokit/graphql-schema/schema.graphql \
	BOT_TEST_GITHUB_WEBHOOKS=$(CACHE)/npm/node_modules/@octokit/webhooks-examples/api.github.com/index.json \
	go test -timeout 30m -tags real ./...

.PHONY: real-tools
real-tools: /usr/bin/chromium $(AXE) kube-tools $(BIN)/registry $(CACHE)/npm/node_modules/@octokit/openapi/package.json $(CACHE)/npm/node_modules/@octokit/graphql-schema/package.json $(CACHE)/npm/node_modules/@microsoft/jest-sarif/package.json $(CACHE)/npm/node_modules/@octokit/webhooks-examples/package.json /usr/bin/docker-registry

$(BIN)/registry:
	GOBIN=$(BIN) GOFLAGS=-buildvcs=false go install github.com/distribution/distribution/v3/cmd/registry@$(REGISTRY_VERSION)

/usr/bin/docker-registry:
	apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends docker-registry

/usr/share/doc/postgresql:
	apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends postgresql

$(CACHE)/npm/node_modules/@octokit/openapi/package.json:
	npm install --prefix $(CACHE)/npm --no-audit --no-fund --save-exact @octokit/openapi@$(OPENAPI_VERSION)

$(CACHE)/npm/node_modules/@microsoft/jest-sarif/package.json: $(CACHE)/npm/node_modules/@octokit/graphql-schema/package.json
	npm install --prefix $(CACHE)/npm --no-audit --no-fund --save-exact @microsoft/jest-sarif@$(SARIF_VERSION)

$(CACHE)/npm/node_modules/@octokit/graphql-schema/package.json: $(CACHE)/npm/node_modules/@octokit/openapi/package.json
	npm install --prefix $(CACHE)/npm --no-audit --no-fund --save-exact @octokit/graphql-schema@$(GRAPHQL_VERSION)

$(CACHE)/npm/node_modules/@octokit/webhooks-examples/package.json: $(CACHE)/npm/node_modules/@microsoft/jest-sarif/package.json
	npm install --prefix $(CACHE)/npm --no-audit --no-fund --save-exact @octokit/webhooks-examples@$(WEBHOOKS_VERSION)

$(AXE): $(CACHE)/npm/node_modules/@microsoft/jest-sarif/package.json
	npm install --prefix $(CACHE)/npm --no-audit --no-fund --save-exact axe-core@$(AXE_VERSION)

/usr/bin/chromium:
	apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends chromium

.PHONY: pictures
pictures: /usr/bin/chromium ## remake the pictures of the dashboard and of pull requests in docs/img
	@command -v pngquant >/dev/null && fc-list | grep -q Inter || { apt-get update -q && apt-get install -qy --no-install-recommends pngquant fonts-inter fonts-liberation fonts-noto-color-emoji; }
	BOT_TEST_CHROMIUM=/usr/bin/chromium BOT_PICTURES=$(CURDIR)/docs/img go test -tags real -count=1 -run TestPictures ./pkg/dashboard
	pngquant --force --speed 1 --strip --ext .png 128 docs/img/dashboard-*.png
	docs/img/make.sh

.PHONY: lint
lint: $(BIN)/golangci-lint-$(LINT_VERSION) ## golangci-lint with everything on
	$(BIN)/golangci-lint-$(LINT_VERSION) run ./...

$(BIN)/golangci-lint-$(LINT_VERSION):
	GOBIN=$(BIN) GOFLAGS=-buildvcs=false go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)
	mv $(BIN)/golangci-lint $@

.PHONY: vulnerabilities
vulnerabilities: ## govulncheck: known vulnerabilities in what the program calls (needs the network)
	go run golang.org/x/vuln/cmd/govulncheck@$(VULN_VERSION) ./...

.PHONY: sbom
sbom: build ## what the program is made of, as CycloneDX in bot.cdx.json
	go mod verify
	go run ./internal/sbom ./bot > bot.cdx.json

.PHONY: clean-tree
clean-tree: ## nothing is left to tidy or generate
	go mod tidy -diff
	go generate ./...
	@test -z "$$(git status --porcelain)" || { git status --porcelain; git diff | head -50; echo "the tree is not clean after go generate" >&2; exit 1; }

.PHONY: bench
bench: build ## side by side with what you would run instead; writes docs/benchmarks.md (UPSTREAM= for the facts; ONLY= prints some)
	@command -v rg >/dev/null || { apt-get update -q && apt-get install -qy --no-install-recommends ripgrep; }
	@test -x $(BIN)/crane || GOBIN=$(BIN) GOFLAGS=-buildvcs=false go install github.com/google/go-containerregistry/cmd/crane@v0.22.1
	@test -x $(BIN)/kustomize || GOBIN=$(BIN) GOFLAGS=-buildvcs=false go install sigs.k8s.io/kustomize/kustomize/v5@v5.8.2
	@test -x $(BIN)/yq || GOBIN=$(BIN) GOFLAGS=-buildvcs=false go install github.com/mikefarah/yq/v4@$(YQ_VERSION)
	@test -x $(RENOVATE)/node_modules/.bin/renovate || npm install --prefix $(RENOVATE) --no-audit --no-fund --save-exact renovate@$(RENOVATE_VERSION) node@$(NODE_VERSION) || echo "bench: npm has no Renovate for us; it is left out" >&2
	PATH=$(BIN):$(RENOVATE)/node_modules/.bin:$$PATH go run ./internal/bench -bot ./bot -out docs/benchmarks.md -upstream "$(UPSTREAM)" -only "$(ONLY)"

.PHONY: bench-go
bench-go: ## the benchmarks beside the code
	go test -run '^$$' -bench . -benchmem ./...

.PHONY: simulate
simulate: build ## 10, 100 and 1,000 repositories on loopback; writes docs/scale.md (half an hour)
	go run ./internal/simulate -bot ./bot -page docs/scale.md

.PHONY: fleet
fleet: /usr/share/doc/postgresql ## three replicas, 300 repositories, one replica killed on release day
	BOT_TEST_POSTGRES=$$(ls -d /usr/lib/postgresql/*/bin | tail -1) go test -tags real -run 'Replicas|GoesAway' -v ./internal/simulate

.PHONY: facts
facts: ## remake the embedded facts and docs/facts.md from UPSTREAM=path
	go run ./pkg/upstream/internal/embed -upstream "$(UPSTREAM)"

.PHONY: test-upstream
test-upstream: ## every release of the real history at UPSTREAM=path, counted twice
	UPSTREAM="$(UPSTREAM)" go test -tags upstream ./pkg/upstream ./pkg/notes/special
