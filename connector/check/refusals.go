package check

import (
	"errors"
	"net/http"
	"slices"

	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/wire"
)

// refusesCall reports whether a call was refused. The reason may be the call, and not the key.
func refusesCall(err error) bool {
	return isAny(err, jumpcloud.ErrUnauthorized, jumpcloud.ErrForbidden, jumpcloud.ErrSelectionNotAllowed,
		jumpcloud.ErrBadRequest) || notOffered(err)
}

// notOffered reports whether there is no such call.
func notOffered(err error) bool {
	var e *wire.Error
	return errors.As(err, &e) && slices.Contains([]int{http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusGone,
		http.StatusNotImplemented}, e.Status)
}

// webPage reports whether a page for people came, or a redirect to one. Sites answer so at an address that they do not know.
func webPage(err error) bool {
	var e *wire.Error
	if !errors.As(err, &e) {
		return false
	}
	return e.Status/100 == 3 || e.Status == http.StatusOK && isAny(err, jumpcloud.ErrNotJumpCloud, wire.ErrSignIn)
}

// notTold reports whether JumpCloud answered, but not the question. It may do so for a call that is not in its contract.
func notTold(err error) bool {
	return refusesCall(err) || webPage(err) || isAny(err, jumpcloud.ErrNotLicensed, wire.ErrStatus, wire.ErrContract)
}
