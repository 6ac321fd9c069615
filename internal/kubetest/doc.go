// Package kubetest starts a real kube-apiserver, with etcd below it, for tests,
// and speaks to it as kubectl does, or with kubectl itself.
//
// It knows where the programs are, how they are started on loopback and
// who may do what there. No controllers run: a Deployment gets no pods unless
// the test makes them. It must not know what is tested.
//
// Its code is built with the tag real alone; `make kube-tools` provides the
// programs.
package kubetest
