# The functions as one image, for ./deploy.sh --container: FUNCTION_TARGET chooses which of them a service is.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS projects
COPY . /source
# What decides which packages are restored, so that the layer of the restore is reused while only code changes.
RUN find /source -type f ! -name '*.csproj' ! -name '*.props' ! -name '*.targets' ! -iname nuget.config ! -name global.json ! -name packages.lock.json ! -name '*.nupkg' -delete \
 && find /source -type d -empty -delete

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
# A .csproj, or its folder, below the folder that is built from.
ARG PROJECT_FILE=functions/Agent
# MSBuild reads them as properties, as it does in the build of functions.
ENV GooglePackages=true PublishReadyToRun=true RuntimeIdentifier=linux-x64 SelfContained=false
WORKDIR /source
COPY --from=projects /source .
RUN dotnet restore "$PROJECT_FILE"
COPY . .
RUN dotnet publish "$PROJECT_FILE" --no-restore -c Release -o /image/app
# The image has no shell that could find out the name of the program.
RUN ln -s "app/$(basename /image/app/*.runtimeconfig.json .runtimeconfig.json)" /image/agent

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
COPY --from=build /image /
WORKDIR /app
USER $APP_UID
# Cloud Run sets PORT; this is its default.
ENV PORT=8080
ENTRYPOINT ["/agent"]
