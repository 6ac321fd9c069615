//go:build real

package kubetest

import (
	"context"
	"fmt"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/dynamic"
)

// Apply applies objects in their order, as `kubectl apply --server-side` does,
// and returns what the server refused first.
func (c *Cluster) Apply(ctx context.Context, user User, objects ...map[string]any) error {
	client, mapper := c.Dynamic(user), c.Mapper()

	for _, content := range objects {
		o := &unstructured.Unstructured{Object: content}
		name := o.GetKind() + " " + o.GetName()

		resource, err := locate(client, mapper, o)
		if err != nil {
			return fmt.Errorf("applying %s: %w", name, err)
		}

		// Strict, as kubectl is: a field that the kind does not have is refused.
		_, err = resource.Apply(ctx, o.GetName(), o, metav1.ApplyOptions{FieldManager: "kubetest", Force: true})
		if err != nil {
			return fmt.Errorf("applying %s: %w", name, err)
		}
	}

	return nil
}

// locate is where the cluster keeps an object.
func locate(client dynamic.Interface, mapper meta.RESTMapper, o *unstructured.Unstructured) (dynamic.ResourceInterface, error) {
	kind := o.GroupVersionKind()

	mapping, err := mapper.RESTMapping(kind.GroupKind(), kind.Version)
	if err != nil {
		return nil, err
	}

	if mapping.Scope.Name() == meta.RESTScopeNameRoot {
		return client.Resource(mapping.Resource), nil
	}

	return client.Resource(mapping.Resource).Namespace(o.GetNamespace()), nil
}
