//go:build real

package kubetest

import (
	"path/filepath"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
)

// User is somebody who speaks to the cluster. What a user that is not in the
// group "system:masters" may do, RBAC says.
type User struct {
	Name   string
	Groups []string
}

// Admin may do everything.
func Admin() User { return User{Name: "admin", Groups: []string{"system:masters"}} }

// Cluster is a running API server. It ends with its test.
type Cluster struct {
	t      testing.TB
	host   string
	caFile string
	tokens map[string]string // by user's name
}

// Start starts a cluster that knows Admin and the given users.
func Start(t testing.TB, users ...User) *Cluster {
	t.Helper()

	dir := t.TempDir()
	apiserver, etcd := program(t, "kube-apiserver"), program(t, "etcd")
	c := &Cluster{t: t, caFile: filepath.Join(dir, "certs", "apiserver.crt"), tokens: map[string]string{}}

	tokens := writeTokens(t, dir, append(users, Admin()), c.tokens)
	store := startEtcd(t, etcd, filepath.Join(dir, "etcd"))
	c.host = startAPIServer(t, apiserver, dir, store, tokens)

	return c
}

// Config is how a user reaches the cluster.
func (c *Cluster) Config(user User) *rest.Config {
	token, ok := c.tokens[user.Name]
	if !ok {
		c.t.Fatalf("kubetest: the cluster was started without the user %q", user.Name)
	}

	return &rest.Config{
		Host: c.host, BearerToken: token, TLSClientConfig: rest.TLSClientConfig{CAFile: c.caFile},
		QPS: -1, Timeout: 30 * time.Second,
	}
}

// Dynamic is a client for objects of any kind.
func (c *Cluster) Dynamic(user User) dynamic.Interface {
	client, err := dynamic.NewForConfig(c.Config(user))
	if err != nil {
		c.t.Fatalf("kubetest: %v", err)
	}

	return client
}

// Mapper tells where objects of a kind are. It remembers what it was told, so
// take a new one after a kind was defined.
func (c *Cluster) Mapper() meta.RESTMapper {
	client, err := discovery.NewDiscoveryClientForConfig(c.Config(Admin()))
	if err != nil {
		c.t.Fatalf("kubetest: %v", err)
	}

	return restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(client))
}
