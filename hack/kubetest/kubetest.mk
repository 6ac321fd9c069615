# A real kube-apiserver and the etcd below it, for `make test-real`. Set KUBEBUILDER_ASSETS
# to a folder that holds both (as setup-envtest makes one) and neither is built nor installed.
# The tests look where KUBE_ASSETS says: run them with KUBEBUILDER_ASSETS=$(KUBE_ASSETS).
KUBE_VERSION := v1.35.4
KUBE_FLAGS := -X k8s.io/component-base/version.gitVersion=$(KUBE_VERSION) \
	-X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=35

ifdef KUBEBUILDER_ASSETS
KUBE_ASSETS := $(KUBEBUILDER_ASSETS)
KUBE_TOOLS :=
else
KUBE_ASSETS := $(BIN)
KUBE_TOOLS := $(BIN)/kube-apiserver-$(KUBE_VERSION) $(BIN)/etcd
endif

.PHONY: kube-tools
kube-tools: $(KUBE_TOOLS) ## kube-apiserver and etcd (some 11 minutes, once)

# The version is in the name, so that another one is another file.
$(BIN)/kube-apiserver-$(KUBE_VERSION):
	mkdir -p $(@D)
	cd hack/kubetest && CGO_ENABLED=0 GOFLAGS=-buildvcs=false \
		go build -trimpath -ldflags "-s -w $(KUBE_FLAGS)" -o $(abspath $@).part k8s.io/kubernetes/cmd/kube-apiserver
	mv $@.part $@
	ln -sf $(@F) $(BIN)/kube-apiserver

$(BIN)/etcd: /usr/bin/etcd
	mkdir -p $(@D)
	ln -sf $< $@

/usr/bin/etcd:
	apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends etcd-server
