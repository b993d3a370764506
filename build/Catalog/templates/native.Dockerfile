# @Service@.
FROM builder AS installed
ARG SOURCE_DATE_EPOCH
ARG VERSION
# TODO: what builds it into /installed/@service@; a tree of autoconf is built so. What that takes is in images/bindep.txt, with the profile
# @service@-build.
RUN --network=none \
    --mount=type=bind,from=source,target=/source/@service@ \
    --mount=type=cache,target=/var/cache/ccache \
    build-autotools /source/@service@

FROM component
COPY --from=installed --link /installed/@service@/ /
# TODO: what "docker run" starts (EXPOSE, CMD).
