package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// resource is where a cluster keeps objects of a kind.
type resource struct {
	schema.GroupVersionResource

	namespaced bool
}

// resources are those of one group and version, by kind.
type resources map[string]resource

// resources asks what a group and version has. This is the part of client-go's discovery that is needed here; all of it would read
// every group there is.
func (c *Cluster) resources(ctx context.Context, apiVersion string) (resources, error) {
	gv, err := schema.ParseGroupVersion(apiVersion)
	if err != nil {
		return nil, err
	}

	path := []string{"/apis", gv.Group, gv.Version}
	if gv.Group == "" {
		path = []string{"/api", gv.Version}
	}

	data, err := c.paths.Get().AbsPath(path...).Do(ctx).Raw()
	if err != nil {
		return nil, err
	}

	var list metav1.APIResourceList
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("understanding what the cluster says of %s: %w", apiVersion, err)
	}

	out := resources{}

	for _, r := range list.APIResources {
		if !strings.Contains(r.Name, "/") { // not a part of another, as a Pod's log
			out[r.Kind] = resource{gv.WithResource(r.Name), r.Namespaced}
		}
	}

	return out, nil
}

// unknownError is a kind that the cluster does not have.
type unknownError struct{ Kind }

func (e *unknownError) Error() string {
	return fmt.Sprintf("the cluster does not know %s of %s", e.Kind.Kind, e.APIVersion)
}

// refusal says in words why the cluster does not give a kind; "" for an error that is about the cluster as a whole.
func refusal(err error) string {
	if err == nil {
		return ""
	}

	if e, ok := errors.AsType[*unknownError](err); ok {
		return e.Error()
	}

	switch {
	case errors.Is(err, errSecret):
		return errSecret.Error()
	case apierrors.IsForbidden(err):
		return "forbidden: the account may not get and list it"
	case apierrors.IsNotFound(err):
		return "the cluster does not know this group and version"
	case apierrors.IsUnauthorized(err):
		return "" // who is not known is refused everything
	}

	status, ok := errors.AsType[*apierrors.StatusError](err)
	if ok && status.Status().Code >= http.StatusBadRequest {
		return fmt.Sprintf("the cluster answers %d %s", status.Status().Code, http.StatusText(int(status.Status().Code)))
	}

	return ""
}
