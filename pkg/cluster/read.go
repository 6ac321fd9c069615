package cluster

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/dynamic"
)

// Kind is one kind of object to read in one namespace.
type Kind struct {
	APIVersion, Kind string
	// Namespace to list. Empty: that of the context.
	Namespace string
	// Names are read one at a time where the kind is in no namespace; others of it are nobody's business.
	Names []string
	// ByName: Names are read one at a time in the namespace too.
	ByName bool
}

// Objects are what was read.
type Objects struct {
	// Items as the API server gives them, in the order in which they were asked for.
	Items []map[string]any
	// Unread are the kinds that could not be read, in the same order.
	Unread []Unread
}

// Unread is a kind that could not be read.
type Unread struct {
	Kind

	// Reason in a few words: "forbidden: …".
	Reason string
}

// Read gets what there is of each kind, in at most [Options.Timeout]. A kind that the cluster refuses or does not know is listed and
// ends nothing; an error is a cluster that cannot be asked at all.
func (c *Cluster) Read(ctx context.Context, kinds []Kind) (Objects, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()

	out := Objects{Items: []map[string]any{}, Unread: []Unread{}}
	served := map[string]resources{}

	for _, k := range kinds {
		items, err := c.kind(ctx, k, served)

		switch reason := refusal(err); {
		case err == nil:
			out.Items = append(out.Items, items...)
		case reason != "":
			out.Unread = append(out.Unread, Unread{k, reason})
		default:
			return Objects{}, fmt.Errorf("reading %s from the cluster: %w", k, err)
		}
	}

	return out, nil
}

// String names the kind for a message.
func (k Kind) String() string {
	if k.Namespace == "" {
		return k.Kind
	}

	return k.Kind + " in namespace " + k.Namespace
}

// kind reads one kind.
func (c *Cluster) kind(ctx context.Context, k Kind, served map[string]resources) ([]map[string]any, error) {
	if k.Kind == "Secret" && k.APIVersion == "v1" {
		return nil, errSecret
	}

	known, ok := served[k.APIVersion]
	if !ok {
		var err error
		if known, err = c.resources(ctx, k.APIVersion); err != nil {
			return nil, err
		}

		served[k.APIVersion] = known
	}

	r, ok := known[k.Kind]
	if !ok {
		return nil, &unknownError{k}
	}

	if !r.namespaced {
		return c.single(ctx, c.objects.Resource(r.GroupVersionResource), k.Names)
	}

	in := c.objects.Resource(r.GroupVersionResource).Namespace(cmp.Or(k.Namespace, c.namespace))
	if k.ByName {
		return c.single(ctx, in, k.Names)
	}

	return c.list(ctx, in)
}

// single gets objects by name; those that are not there are left out.
func (c *Cluster) single(ctx context.Context, from dynamic.ResourceInterface, names []string) ([]map[string]any, error) {
	var out []map[string]any

	for _, name := range names {
		o, err := from.Get(ctx, name, metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			continue
		}

		if err != nil {
			return nil, err
		}

		out = append(out, o.Object)
	}

	return out, nil
}

// list reads every page. A list that the server forgot between two pages is begun once more.
func (c *Cluster) list(ctx context.Context, from dynamic.ResourceInterface) ([]map[string]any, error) {
	var out []map[string]any

	o, again := metav1.ListOptions{Limit: c.page}, true

	for {
		page, err := from.List(ctx, o)
		if apierrors.IsResourceExpired(err) && again {
			o.Continue, again, out = "", false, nil

			continue
		}

		if err != nil {
			return nil, err
		}

		for _, item := range page.Items {
			out = append(out, item.Object)
		}

		if o.Continue = page.GetContinue(); o.Continue == "" {
			return slices.Clip(out), nil
		}
	}
}
