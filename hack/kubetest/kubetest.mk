# A real kube-apiserver, the etcd below it and kubectl, for `make test-real`. Set KUBEBUILDER_ASSETS
# to a folder that holds all three (as setup-envtest makes one) and none is built nor installed.
# The tests look where KUBE_ASSETS says: run them with KUBEBUILDER_ASSETS=$(KUBE_ASSETS).
KUBE_VERSION := v1.35.4
KUBE_FLAGS := -X k8s.io/component-base/version.gitVersion=$(KUBE_VERSION) \
	-X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=35

ifdef KUBEBUILDER_ASSETS
KUBE_ASSETS := $(KUBEBUILDER_ASSETS)
KUBE_TOOLS :=
else
KUBE_ASSETS := $(BIN)
KUBE_TOOLS := $(BIN)/kube-apiserver-$(KUBE_VERSION) $(BIN)/kubectl-$(KUBE_VERSION) $(BIN)/etcd
endif

.PHONY: kube-tools
kube-tools: $(KUBE_TOOLS) ## kube-apiserver, kubectl and etcd (some 12 minutes, once)

# The version is in the name, so that another one is another file.
$(BIN)/kube-apiserver-$(KUBE_VERSION) $(BIN)/kubectl-$(KUBE_VERSION): $(BIN)/%-$(KUBE_VERSION):
	mkdir -p $(@D)
	cd hack/kubetest && CGO_ENABLED=0 GOFLAGS=-buildvcs=false \
		go build -trimpath -ldflags "-s -w $(KUBE_FLAGS)" -o $(abspath $@).part k8s.io/kubernetes/cmd/$*
	mv $@.part $@
	ln -sf $(@F) $(BIN)/$*

$(BIN)/etcd: /usr/bin/etcd
	mkdir -p $(@D)
	ln -sf $< $@

/usr/bin/etcd:
	apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends etcd-server
