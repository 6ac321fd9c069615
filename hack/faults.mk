# The searches for violations of the design's promises: see docs/reliability.md.
FUZZTIME ?= 10m
SOAK ?= 20m
FAULTS_TABLE := $(CACHE)/faults.jsonl

.PHONY: faults
faults: ## search for violations of the promises, in full, and print a table
	go mod verify
	@mkdir -p $(CACHE) && rm -f $(FAULTS_TABLE)
	@export BOT_FAULTS_TABLE=$(FAULTS_TABLE); status=0; \
	go test -tags faults -vet=off -count=1 -timeout 6h -skip '^TestStories$$' ./internal/stories ./pkg/config ./internal/faults/... || status=1; \
	go run ./internal/faults/table $(FAULTS_TABLE) || status=1; exit $$status

.PHONY: planted
planted: ## plant bugs into the program one by one (some 15 min): the searches must catch each
	go run ./internal/faults/planted

.PHONY: soak
soak: ## a service that makes a pass a second among faults for SOAK=20m: nothing may grow
	BOT_SOAK=$(SOAK) go test -tags soak -count=1 -timeout 0 -v ./internal/faults/soak

.PHONY: fuzz
fuzz: ## every fuzz target for FUZZTIME=10m each; findings stay as seeds under testdata/fuzz
	@set -e; grep -rlE '^func Fuzz' --include=*_test.go . | xargs -n1 dirname | sort -u | while read -r dir; do \
	for target in $$(grep -hoE '^func Fuzz\w+' $$dir/*_test.go | sed 's/func //'); do \
	echo "$$dir $$target"; go test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) $$dir; done; done

.PHONY: reproducible
reproducible: ## two builds of HEAD, in two folders and with two caches, are one file
	@dir=$$(mktemp -d); trap 'rm -rf "$$dir"' EXIT; for n in one another/place; do \
	mkdir -p $$dir/$$n/tree && git archive HEAD | tar -x -C $$dir/$$n/tree && \
	(cd $$dir/$$n/tree && GOCACHE=$$dir/$$n/cache CGO_ENABLED=0 go build -buildvcs=false -trimpath -ldflags "-s -w -X github.com/goingdark-social/bot/internal/cli.buildVersion=$(VERSION)" -o $$dir/$$n/bot ./cmd/bot) || exit 1; done; \
	sha256sum $$dir/one/bot $$dir/another/place/bot; cmp $$dir/one/bot $$dir/another/place/bot
