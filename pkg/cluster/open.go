package cluster

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// Options of Open.
type Options struct {
	// Kubeconfig is the file that says how to reach clusters. Default: those of KUBECONFIG, else ~/.kube/config, else from inside a pod.
	Kubeconfig string
	// Context of the kubeconfig. Default: its current one.
	Context string
	// UserAgent tells the cluster who asks. Default: client-go's.
	UserAgent string
	// Timeout is how long one reading may take. Default: a minute.
	Timeout time.Duration
	// PageSize is how many objects are asked for at a time. Default: 500.
	PageSize int64
	// Wrap is put around what carries the requests, with their credentials. Default: nothing.
	Wrap func(http.RoundTripper) http.RoundTripper
	// Secret is told the secrets of the kubeconfig. Default: nobody is.
	Secret func(...string)
}

// Cluster is one that can be read. Nothing was asked yet.
type Cluster struct {
	objects   dynamic.Interface
	paths     rest.Interface // of the API's own description
	namespace string
	timeout   time.Duration
	page      int64
}

// Open finds out how to reach a cluster. A context that does not exist is a [*ContextError].
func Open(o Options) (*Cluster, error) {
	rules := clientcmd.NewDefaultClientConfigLoadingRules()
	rules.ExplicitPath = o.Kubeconfig
	loader := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, &clientcmd.ConfigOverrides{CurrentContext: o.Context})

	if err := named(loader, o.Context); err != nil {
		return nil, err
	}

	config, err := loader.ClientConfig()
	if err != nil {
		return nil, fmt.Errorf("finding out how to reach the cluster: %w", err)
	}

	namespace, _, err := loader.Namespace()
	if err != nil {
		return nil, fmt.Errorf("finding out the namespace: %w", err)
	}

	return connect(config, namespace, o)
}

func connect(config *rest.Config, namespace string, o Options) (*Cluster, error) {
	c := &Cluster{namespace: namespace, timeout: o.Timeout, page: o.PageSize}
	if c.timeout == 0 {
		c.timeout = time.Minute
	}

	if c.page == 0 {
		c.page = 500
	}

	config = rest.CopyConfig(config)
	if o.Wrap != nil {
		config.Wrap(o.Wrap)
	}

	if o.Secret != nil {
		o.Secret(config.BearerToken, config.Password, string(config.KeyData))
	}

	config.QPS, config.Burst = 20, 40
	config.WarningHandler = rest.NoWarnings{} // what an API server thinks of the version of an object is none of a reader's
	config.NegotiatedSerializer = serializer.NewCodecFactory(runtime.NewScheme()).WithoutConversion()

	if o.UserAgent != "" {
		config.UserAgent = o.UserAgent
	}

	client, err := rest.HTTPClientFor(config)
	if err != nil {
		return nil, fmt.Errorf("finding out how to reach the cluster: %w", err)
	}

	return c, c.clients(config, client)
}

func (c *Cluster) clients(config *rest.Config, client *http.Client) error {
	var err error
	if c.objects, err = dynamic.NewForConfigAndClient(config, client); err != nil {
		return fmt.Errorf("finding out how to reach the cluster: %w", err)
	}

	if c.paths, err = rest.UnversionedRESTClientForConfigAndClient(config, client); err != nil {
		return fmt.Errorf("finding out how to reach the cluster: %w", err)
	}

	return nil
}

// Namespace is that of objects that name none: the context's, or the pod's own.
func (c *Cluster) Namespace() string { return c.namespace }

// ContextError is a context that the kubeconfig does not have.
type ContextError struct {
	Name  string
	Names []string // those that it has, sorted
}

func (e *ContextError) Error() string {
	if len(e.Names) == 0 {
		return fmt.Sprintf("there is no context %q: no kubeconfig was found (KUBECONFIG, ~/.kube/config)", e.Name)
	}

	return fmt.Sprintf("there is no context %q; the kubeconfig has %s", e.Name, strings.Join(e.Names, ", "))
}

// named makes sure of a context that somebody asked for.
func named(loader clientcmd.ClientConfig, context string) error {
	raw, err := loader.RawConfig()
	if err != nil {
		return fmt.Errorf("reading the kubeconfig: %w", err)
	}

	if _, ok := raw.Contexts[context]; context == "" || ok {
		return nil
	}

	return &ContextError{context, slices.Sorted(maps.Keys(raw.Contexts))}
}

var errSecret = errors.New("Secrets are never read") //nolint:staticcheck // Secret is the name of a kind
